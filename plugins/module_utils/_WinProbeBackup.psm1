# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause

# Sections of the probe about backup: agent, extension (the snapshot plugin), backup (shadow copies, SQL Server).
# They state facts and never judge. Private to the collection.

Function Get-VmbAgentSection {
    param ([System.Collections.IDictionary]$Facts, [System.Collections.IDictionary]$Options)
    $system = $Options.system
    $home_folder = "$($system.drive)WindowsAzure"
    Set-VmbFact $Facts 'guest' { Get-VmbPlainKey 'SOFTWARE\Microsoft\Virtual Machine\Guest' }
    Set-VmbFact $Facts 'folder_exists' { [bool]@(Get-VmbFolder $home_folder) }
    Set-VmbFact $Facts 'versions' -List {
        foreach ($entry in Get-VmbFolder $home_folder) {
            if (-not $entry.folder -or $entry.name -notmatch '^(GuestAgent_|Packages)') { continue }
            $path = "$home_folder\$($entry.name)"
            @{
                folder = $path
                wa_app_agent = Get-VmbFileVersion "$path\WaAppAgent.exe"
                guest_agent = Get-VmbFileVersion "$path\WindowsAzureGuestAgent.exe"
            }
        }
    }
    Set-VmbFact $Facts 'installer' -List {
        foreach ($name in Get-VmbRegistryName 'SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall') {
            $key = Get-VmbPlainKey "SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\$name" -Name DisplayName, DisplayVersion
            if ($key['DisplayName'] -like 'Windows Azure VM Agent*') { @{ name = $key['DisplayName']; version = $key['DisplayVersion'] } }
        }
    }
    Set-VmbFact $Facts 'installer_messages' -List {
        $text = Get-VmbText "$($system.root)\Panther\VmAgentInstaller.xml" 65536
        if ($null -eq $text) { return }
        foreach ($found in [regex]::Matches($text, '<Message>(?<message>[^<]*)</Message>\s*<Number>(?<number>[^<]*)</Number>')) {
            @{ message = Limit-VmbText $found.Groups['message'].Value 300; number = $found.Groups['number'].Value }
        }
    }
    Set-VmbFact $Facts 'update_state' -List {
        $path = 'SOFTWARE\Microsoft\Windows Azure\GuestAgentUpdateState'
        foreach ($version in Get-VmbRegistryName $path) {
            $key = Get-VmbPlainKey "$path\$version"
            @{ version = $version; code = [string]$key['Code']; state = [string]$key['State']; message = Limit-VmbText ([string]$key['Message']) 300 }
        }
    }
    Set-VmbFact $Facts 'processes' {
        $found = @{}
        foreach ($name in 'WaAppAgent', 'WindowsAzureGuestAgent') { $found[$name] = @(Get-VmbProcess $name) }
        $found
    }
    Set-VmbFact $Facts 'aggregate' { Get-VmbAggregate $home_folder }
    Set-VmbFact $Facts 'certificates' -List {
        Get-VmbCertificate | Where-Object { $_.friendly_name -eq 'TenantEncryptionCert' -or $_.issuer -match 'Windows Azure CRP Certificate Generator' }
    }
    Set-VmbFact $Facts 'acl' {
        $crypto = "$($system.program_data)\Microsoft\Crypto"
        @{
            machine_keys = Get-VmbSddl "$crypto\RSA\MachineKeys"
            keys = Get-VmbSddl "$crypto\Keys"
            rsa = Get-VmbSddl "$crypto\RSA"
            system_keys = Get-VmbSddl "$crypto\SystemKeys"
            windows_azure = Get-VmbSddl $home_folder
            packages = Get-VmbSddl "$($system.drive)Packages"
        }
    }
    Set-VmbFact $Facts 'log' { Get-VmbLog "$home_folder\Logs\WaAppAgent.log" }
    Set-VmbFact $Facts 'update_log' { Get-VmbLog "$home_folder\Logs\TransparentInstaller.log" }
}

Function Get-VmbAggregate {
    # The newest aggregate status that the agent wrote: its own and that of its handlers.
    param ([string]$HomeFolder)
    $folder = "$HomeFolder\Logs\AggregateStatus"
    $newest = Get-VmbNewest $folder '^aggregatestatus.*\.json$'
    if (-not $newest) { return }
    $json = Get-VmbText "$folder\$($newest.name)" | ConvertFrom-Json
    $agent = Get-VmbMember $json aggregateStatus, guestAgentStatus
    @{
        path = "$folder\$($newest.name)"
        modified = $newest.modified
        version = Get-VmbMember $agent version
        status = Get-VmbMember $agent status
        message = Limit-VmbText ([string](Get-VmbMember $agent formattedMessage, message)) 300
        written = Format-VmbTime (Get-VmbMember $json timestampUTC)
        uploaded = Format-VmbTime (Get-VmbMember $json lastStatusUploadTime)
        handlers = @(Get-VmbMember $json aggregateStatus, handlerAggregateStatus | Where-Object { $_ } | ForEach-Object {
                @{
                    name = Get-VmbMember $_ handlerName
                    version = Get-VmbMember $_ handlerVersion
                    status = Get-VmbMember $_ status
                    code = Get-VmbMember $_ code
                    message = Limit-VmbText ([string](Get-VmbMember $_ formattedMessage, message)) 300
                }
            })
    }
}

Function Get-VmbNewest {
    # The entry of a folder that changed last among those whose names match. (Sort-Object would load a module for it.)
    param ([string]$Path, [string]$Pattern)
    $newest = $null
    foreach ($entry in Get-VmbFolder $Path) {
        if ($entry.name -match $Pattern -and ($null -eq $newest -or $entry.modified -ge $newest.modified)) { $newest = $entry }
    }
    $newest
}

Function Get-VmbMember {
    # A value deep in an object that came from JSON; $null where the way ends.
    param ($From, [string[]]$Name)
    foreach ($step in $Name) {
        $member = if ($null -ne $From) { $From.PSObject.Properties[$step] }
        $From = if ($member) { $member.Value }
    }
    $From
}

Function Get-VmbLog {
    # What a log says of trouble: the last lines of level WARN or ERROR and those on the fabric, and the very last line.
    param ([string]$Path, [int]$Lines = 30)
    $text = Get-VmbText $Path 131072
    if ($null -eq $text) { return }
    $all = @($text -split '\r?\n' | Where-Object { $_ })
    $told = @($all | Where-Object { $_ -match '\[(WARN|ERROR)\]|\b(Error|Exception|Warning)\b|fabric address' })
    if ($told.Count -gt $Lines) { $told = $told[-$Lines..-1] }
    @{
        path = $Path
        lines = @($told | ForEach-Object { Limit-VmbText $_ 300 })
        last = if ($all) { Limit-VmbText $all[-1] 300 }
    }
}

Function Get-VmbExtensionSection {
    param ([System.Collections.IDictionary]$Facts, [System.Collections.IDictionary]$Options)
    $plugin = 'Microsoft.Azure.RecoveryServices.VMSnapshot'
    $drive = $Options.system.drive
    $packages = "${drive}Packages\Plugins\$plugin"
    $logs = "${drive}WindowsAzure\Logs\Plugins\$plugin"
    Set-VmbFact $Facts 'versions' -List {
        foreach ($entry in Get-VmbFolder $packages) {
            if ($entry.folder -and $entry.name -match '^\d+(\.\d+)+$') { Get-VmbPlugin "$packages\$($entry.name)" $entry.name }
        }
    }
    Set-VmbFact $Facts 'handler_state' -List {
        # Sources differ in how the parent key is spelt: both are read.
        foreach ($path in 'SOFTWARE\Microsoft\Windows Azure\HandlerState', 'SOFTWARE\Microsoft\WindowsAzure\HandlerState') {
            foreach ($name in Get-VmbRegistryName $path) {
                if ($name -notlike "${plugin}_*") { continue }
                $key = Get-VmbPlainKey "$path\$name" -Name State, Status, SequenceNumber, Message, Code
                @{
                    version = $name.Substring($plugin.Length + 1)
                    state = $key['State']
                    status = $key['Status']
                    sequence = [string]$key['SequenceNumber']
                    read_from = "HKLM\$path\$name"
                }
            }
        }
    }
    Set-VmbFact $Facts 'log' {
        $newest = Get-VmbNewest $logs '^\d'
        if (-not $newest) { return }
        $file = Get-VmbNewest "$logs\$($newest.name)" '\.log$'
        if ($file) { Get-VmbLog "$logs\$($newest.name)\$($file.name)" }
    }
}

Function Get-VmbPlugin {
    # One installed version of the plugin: its newest settings, its newest status, what it brings.
    param ([string]$Folder, [string]$Version)
    $sequence = $null
    foreach ($entry in Get-VmbFolder "$Folder\RuntimeSettings") {
        if ($entry.name -match '^(?<number>\d{1,9})\.settings$' -and [int]$Matches.number -ge $sequence) { $sequence = [int]$Matches.number }
    }
    @{
        version = $Version
        folder = $Folder
        sequence = $sequence
        status = Get-VmbStatusFile "$Folder\Status"
        heartbeat = Get-VmbHeartbeat "$Folder\Status\HeartBeat.Json"
        executable = (Test-VmbFile "$Folder\IaaSBcdrExtension.exe")
        provider = (Test-VmbFile "$Folder\IaasVmProvider.dll") -or (Test-VmbFile "$Folder\IaasVmProvider.exe")
    }
}

Function Get-VmbStatusFile {
    param ([string]$Folder)
    $last = $null
    foreach ($entry in Get-VmbFolder $Folder) {
        if ($entry.name -notmatch '^(?<number>\d{1,9})\.status$') { continue }
        $entry.sequence = [int]$Matches.number
        if ($null -eq $last -or $entry.sequence -gt $last.sequence) { $last = $entry }
    }
    if (-not $last) { return }
    $facts = @{ path = "$Folder\$($last.name)"; sequence = $last.sequence; modified = $last.modified
        status = $null; operation = $null; code = $null; message = $null; time = $null; error = $null
    }
    try {
        $json = @(Get-VmbText $facts.path | ConvertFrom-Json)[0]
        $facts.time = Format-VmbTime (Get-VmbMember $json timestampUTC)
        $facts.status = Get-VmbMember $json status, status
        $facts.operation = Get-VmbMember $json status, operation
        $facts.code = Get-VmbMember $json status, code
        $facts.message = Limit-VmbText ([string](Get-VmbMember $json status, formattedMessage, message)) 600
    }
    catch { $facts.error = Get-VmbReason $_.Exception }
    $facts
}

Function Get-VmbHeartbeat {
    param ([string]$Path)
    $json = @(Get-VmbText $Path | Where-Object { $_ } | ConvertFrom-Json)[0]
    if ($json) { @{ status = Get-VmbMember $json heartbeat, status; code = Get-VmbMember $json heartbeat, code } }
}

Function Get-VmbBackupSection {
    param ([System.Collections.IDictionary]$Facts, [System.Collections.IDictionary]$Options)
    Set-VmbFact $Facts 'bcdr_agent' { Get-VmbRegistryKey 'SOFTWARE\Microsoft\BcdrAgent' }
    Set-VmbFact $Facts 'bcdr_agent_wow64' { Get-VmbRegistryKey 'SOFTWARE\WOW6432Node\Microsoft\BcdrAgent' }
    Set-VmbFact $Facts 'bcdr_persistent' { Get-VmbRegistryKey 'SOFTWARE\Microsoft\BcdrAgentPersistentKeys' }
    Set-VmbFact $Facts 'providers' -List {
        $path = 'SYSTEM\CurrentControlSet\Services\VSS\Providers'
        foreach ($id in Get-VmbRegistryName $path) {
            $key = Get-VmbPlainKey "$path\$id"
            @{ id = $id.ToLowerInvariant(); name = $key['']; type = $key['Type']; read_from = "HKLM\$path\$id" }
        }
    }
    Set-VmbFact $Facts 'classes_acl' { Get-VmbRegistrySddl 'SOFTWARE\Classes' }
    Set-VmbFact $Facts 'msdtc_account_sid' {
        $account = Get-VmbRegistryValue 'SYSTEM\CurrentControlSet\Services\MSDTC' 'ObjectName'
        if ($account -eq 'LocalSystem') { 'S-1-5-18' } elseif ($account) { Get-VmbSid $account }
    }
    Set-VmbFact $Facts 'vc_runtimes' -List {
        foreach ($path in 'SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall', 'SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall') {
            foreach ($name in Get-VmbRegistryName $path) {
                $key = Get-VmbPlainKey "$path\$name" -Name DisplayName, DisplayVersion
                if ($key['DisplayName'] -like 'Microsoft Visual C++ *') { @{ name = $key['DisplayName']; version = $key['DisplayVersion'] } }
            }
        }
    }
    Set-VmbFact $Facts 'cluster' {
        @{
            csv_writer = Get-VmbRegistryValue 'SOFTWARE\Microsoft\Windows NT\CurrentVersion\Failover Clusters' 'EnableCsvVssWriter'
            csv_volumes = @(Get-VmbFolder "$($Options.system.drive)ClusterStorage").Count
        }
    }
    Set-VmbFact $Facts 'sql_instances' -List {
        $path = 'SOFTWARE\Microsoft\Microsoft SQL Server'
        $key = Get-VmbPlainKey "$path\Instance Names\SQL"
        if ($null -eq $key) { return }
        foreach ($name in $key.Keys) {
            $setup = Get-VmbPlainKey "$path\$($key[$name])\Setup" -Name Version, Edition
            @{ name = $name; version = if ($setup) { $setup['Version'] }; edition = if ($setup) { $setup['Edition'] } }
        }
    }
    Set-VmbFact $Facts 'writers' -List { Get-VmbWriter $Options }
}

Function Get-VmbWriter {
    # The writers of the Volume Shadow Copy service. There is no interface to them that a script can call, and what
    # vssadmin prints is translated: only identifiers in braces and state numbers in brackets are taken, by their order.
    param ([System.Collections.IDictionary]$Options)
    if ((Get-VmbRegistryValue 'SYSTEM\CurrentControlSet\Services\VSS' 'Start') -eq 4) { throw 'The service VSS is disabled' }
    $left = [int]($Options.deadline - [DateTime]::UtcNow).TotalMilliseconds
    $text = Invoke-VmbProgram "$($Options.system.root)\System32\vssadmin.exe" 'list writers' $left
    foreach ($found in [regex]::Matches($text, '(?s)(?<id>\{[0-9a-fA-F-]{36}\})(?:(?!\{).)*\{[0-9a-fA-F-]{36}\}(?:(?!\{).)*?\[(?<state>\d+)\]')) {
        @{ id = $found.Groups['id'].Value.ToLowerInvariant(); state = [int]$found.Groups['state'].Value }
    }
}

Export-ModuleMember -Function '*-Vmb*'
