# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause

# Sections of the probe about backup: agent, backup (shadow copies, other products, SQL Server).
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
    $written = Format-VmbTime (Get-VmbMember $json timestampUTC)
    $uploaded = Get-VmbMember $agent lastStatusUploadTime
    if ($null -eq $uploaded) { $uploaded = Get-VmbMember $json lastStatusUploadTime }
    @{
        path = "$folder\$($newest.name)"
        modified = $newest.modified
        version = Get-VmbMember $agent version
        status = Get-VmbMember $agent status
        message = Limit-VmbText ([string](Get-VmbMember $agent formattedMessage, message)) 300
        written = $written
        uploaded = Format-VmbTime $uploaded
        handlers = @(Get-VmbMember $json aggregateStatus, handlerAggregateStatus | Where-Object { $_ } | ForEach-Object { Get-VmbHandler $_ $written })
    }
}

Function Get-VmbHandler {
    # One extension of the aggregate status: the agent's word, and the extension's own about its last command.
    param ($From, [string]$Written)
    $settings = Get-VmbMember $From runtimeSettingsStatus, settingsStatus
    $own = Get-VmbMember $settings status
    $told = Format-VmbTime (Get-VmbMember $settings timestampUTC)
    @{
        name = Get-VmbMember $From handlerName
        version = Get-VmbMember $From handlerVersion
        status = Get-VmbMember $From status
        code = Get-VmbMember $From code
        message = Limit-VmbText ([string](Get-VmbMember $From formattedMessage, message)) 300
        result = Get-VmbMember $own status
        result_code = Get-VmbMember $own code
        result_message = Limit-VmbText ([string](Get-VmbMember $own formattedMessage, message)) 300
        result_age_s = if ($told -and $Written) { [int]([DateTime]$Written - [DateTime]$told).TotalSeconds }
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
    # What a log says of trouble: the last records of level WARN or ERROR and those on the fabric, and the very last one.
    # A record is a line with those below it that do not begin as one, such as an exception and where it came from.
    param ([string]$Path, [int]$Lines = 30)
    $text = Get-VmbText $Path 131072
    if ($null -eq $text) { return }
    $all = @($text -split '\r?\n(?=\[?\d|\[)' | ForEach-Object { ($_ -replace '\s*\r?\n\s*', ' ').Trim() } | Where-Object { $_ })
    $told = @($all | Where-Object { $_ -match '\[(WARN|ERROR)\]|\b(Error|Warning)\b|Exception\b|fabric address' })
    if ($told.Count -gt $Lines) { $told = $told[-$Lines..-1] }
    @{
        path = $Path
        lines = @($told | ForEach-Object { Limit-VmbText $_ 500 })
        last = if ($all) { Limit-VmbText $all[-1] 300 }
    }
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
    Set-VmbFact $Facts 'volume_filters' {
        $path = 'SYSTEM\CurrentControlSet\Control\Class\{71a27cdd-812a-11d0-bec7-08002be2092f}'
        $names = @(Get-VmbRegistryValue $path 'UpperFilters' | Where-Object { $_ })
        if ($names) { @{ names = $names; read_from = "HKLM\$path\UpperFilters" } }
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
    Set-VmbFact $Facts 'other_products' -List { Get-VmbOtherProduct }
    Set-VmbFact $Facts 'writers' -List { Get-VmbWriter $Options }
}

Function Get-VmbOtherProduct {
    # Services of other products that take snapshots of disks. The list: a product, and an expression for its services.
    $known = @(
        'Azure Site Recovery', '^(svagents|InMage Scout|obengine_asr|cxprocessserver)'
        'Azure Backup Server or MARS agent', '^(obengine|DPMRA|DPMLA)$'
        'Veeam', '^Veeam'
        'Commvault', '^(GxCVD|GXFWD|GxVssProv|GxClMgr)'
        'NetBackup', '^(bpinetd|bpcd|NetBackup)'
        'Backup Exec', '^BackupExec'
        'Acronis', '^(AcrSch2Svc|AcronisAgent|mms$)'
        'Rubrik', '^Rubrik'
        'Cohesity', '^Cohesity'
        'Datto', '^(Datto|ShadowProtect|vsnapvss)'
        'Arcserve', '^(CASAD|Arcserve)'
        'NetWorker or Avamar', '^(nsrexecd|avbackup|avagent)'
        'Spectrum Protect', '^TSM '
        'Zerto', '^Zerto'
        'Carbonite or Double-Take', '^(Double-?Take|Carbonite)'
        'Druva', '^(inSync|Phoenix)'
        'Altaro or Hornetsecurity', '^Altaro'
        'MSP360', '^(CloudBerry|Online Backup Service)'
        'Macrium Reflect', '^(Macrium|ReflectService)'
    )
    $services = Get-VmbService
    foreach ($name in $services.Keys) {
        for ($at = 0; $at -lt $known.Count; $at += 2) {
            if ($name -match $known[$at + 1]) { @{ name = $known[$at]; sign = "service $name"; state = $services[$name].state; read_from = 'the service control manager' } }
        }
    }
}

Function Get-VmbWriter {
    # The writers of the Volume Shadow Copy service. There is no interface to them that a script can call, and what
    # vssadmin prints is translated: only identifiers in braces and state numbers in brackets are taken, by their order.
    param ([System.Collections.IDictionary]$Options)
    if (-not (Test-VmbAdministrator)) { throw [UnauthorizedAccessException]'vssadmin lists writers to administrators only' }
    if ((Get-VmbRegistryValue 'SYSTEM\CurrentControlSet\Services\VSS' 'Start') -eq 4) { throw 'The service VSS is disabled' }
    $left = [int]($Options.deadline - [DateTime]::UtcNow).TotalMilliseconds
    $text = Invoke-VmbProgram "$($Options.system.root)\System32\vssadmin.exe" 'list writers' $left
    foreach ($found in [regex]::Matches($text, '(?s)(?<id>\{[0-9a-fA-F-]{36}\})(?:(?!\{).)*\{[0-9a-fA-F-]{36}\}(?:(?!\{).)*?\[(?<state>\d+)\]')) {
        @{ id = $found.Groups['id'].Value.ToLowerInvariant(); state = [int]$found.Groups['state'].Value }
    }
}

Export-ModuleMember -Function '*-Vmb*'
