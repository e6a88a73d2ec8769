# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause

# Sections of the probe about Windows itself: identity, services, storage, load, clock, security, dotnet, wmi, events.
# They state facts and never judge. Private to the collection.

Function Get-VmbRegistryValue {
    # The data of one value, $null when there is none.
    param ([string]$Path, [string]$Name, [string]$Hive = 'LocalMachine')
    $key = Get-VmbRegistryKey -Path $Path -Hive $Hive
    if ($key -and $key.Contains($Name)) { $key[$Name].value }
}

Function Get-VmbPlainKey {
    # A key as name -> data, $null when there is no such key.
    param ([string]$Path, [string[]]$Name)
    $key = Get-VmbRegistryKey -Path $Path
    if ($null -eq $key) { return }
    $plain = @{}
    foreach ($value in $key.Keys) { if (-not $Name -or $value -in $Name) { $plain[$value] = $key[$value].value } }
    $plain
}

Function Get-VmbIdentitySection {
    param ([System.Collections.IDictionary]$Facts, [System.Collections.IDictionary]$Options)
    $windows = 'SOFTWARE\Microsoft\Windows NT\CurrentVersion'
    Set-VmbFact $Facts 'os' {
        $key = Get-VmbPlainKey $windows -Name CurrentBuild, ProductName, EditionID, InstallationType, UBR, DisplayVersion, CurrentMajorVersionNumber
        # 6.3 is what Server 2012 R2 says of itself; the numbers beside it are new in Windows 10 and Server 2016.
        $version = if ($key['CurrentMajorVersionNumber']) { '10.0' } else { Get-VmbRegistryValue $windows 'CurrentVersion' }
        @{
            id = 'windows'
            name = $key['ProductName']
            version = $version
            build = [int]$key['CurrentBuild']
            revision = $key['UBR']
            edition = $key['EditionID']
            installation_type = $key['InstallationType']
            product_type = Get-VmbRegistryValue 'SYSTEM\CurrentControlSet\Control\ProductOptions' 'ProductType'
            read_from = "HKLM\$windows"
        }
    }
    Set-VmbFact $Facts 'pending_reboot' {
        $renames = @(Get-VmbRegistryValue 'SYSTEM\CurrentControlSet\Control\Session Manager' 'PendingFileRenameOperations')
        @{
            component_servicing = 'RebootPending' -in @(Get-VmbRegistryName 'SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing')
            windows_update = 'RebootRequired' -in @(Get-VmbRegistryName 'SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update')
            file_renames = @($renames | Where-Object { $_ }).Count
        }
    }
    # The key is made at a boot in safe mode, and only then.
    Set-VmbFact $Facts 'safe_mode' { Get-VmbRegistryValue 'SYSTEM\CurrentControlSet\Control\SafeBoot\Option' 'OptionValue' }
    Set-VmbFact $Facts 'hostname' { $Options.system.computer }
    Set-VmbFact $Facts 'bits64' { $Options.system.bits64 }
    Set-VmbFact $Facts 'language' { $Options.system.language }
    Set-VmbFact $Facts 'vm_id' {
        @{ value = Get-VmbRegistryValue 'SOFTWARE\Microsoft\Windows Azure' 'VmId'; read_from = 'HKLM\SOFTWARE\Microsoft\Windows Azure\VmId' }
    }
    Set-VmbFact $Facts 'azure' {
        # The raw SMBIOS table that Windows keeps: the chassis tag is one of its strings.
        $path = 'SYSTEM\CurrentControlSet\Services\mssmbios\Data'
        $table = Get-VmbRegistryValue $path 'SMBiosData'
        if ($null -eq $table) { throw 'The SMBIOS table is not in the registry' }
        $text = [System.Text.Encoding]::GetEncoding(28591).GetString([Convert]::FromBase64String($table))
        @{ value = $text.Contains('7783-7084-3265-9085-8269-3286-77'); read_from = "HKLM\$path\SMBiosData" }
    }
}

Function Get-VmbIdentityCim {
    param ([System.Collections.IDictionary]$Facts, [System.Collections.IDictionary]$Options)
    Set-VmbFact $Facts 'boot_time' { Format-VmbTime (@(Get-VmbCim Win32_OperatingSystem LastBootUpTime)[0].LastBootUpTime) }
    Set-VmbFact $Facts 'machine_uuid' { @(Get-VmbCim Win32_ComputerSystemProduct UUID)[0].UUID }
}

Function Get-VmbServicesSection {
    # Every service that backup rests on, $null for those that do not exist.
    param ([System.Collections.IDictionary]$Facts, [System.Collections.IDictionary]$Options)
    $wanted = 'RdAgent', 'WindowsAzureGuestAgent', 'WindowsAzureTelemetryService', 'IaasVmProvider', 'VSS', 'swprv', 'COMSysApp', 'EventSystem', 'MSDTC',
    'KeyIso', 'CryptSvc', 'Winmgmt', 'Dhcp', 'MpsSvc', 'BFE', 'msiserver', 'AppIDSvc', 'W32Time', 'ClusSvc', 'SQLWriter', 'RpcSs', 'WinHttpAutoProxySvc'
    $live = Get-VmbService
    $sql = @($live.Keys | Where-Object { $_ -eq 'MSSQLSERVER' -or $_ -like 'MSSQL$*' -or $_ -eq 'SQLSERVERAGENT' -or $_ -like 'SQLAgent$*' })
    $again = @{}
    foreach ($service in @($wanted) + $sql) {
        Set-VmbFact $Facts $service { Get-VmbServiceState $service $live $Options.system.root }
        $again[$service] = $true
    }
    # What these depend on, one step: a group of drivers begins with a plus sign.
    foreach ($service in @($wanted)) {
        $state = $Facts.values[$service]
        foreach ($name in @(if ($state) { $state.depends_on })) {
            if ($name -notlike '+*' -and -not $again.Contains($name)) { Set-VmbFact $Facts $name { Get-VmbServiceState $name $live $Options.system.root } }
            $again[$name] = $true
        }
    }
}

Function Get-VmbServicesCim {
    param ([System.Collections.IDictionary]$Facts, [System.Collections.IDictionary]$Options)
    Set-VmbFact $Facts 'exit_codes' {
        $codes = @{}
        $filter = "Name='RdAgent' OR Name='WindowsAzureGuestAgent' OR Name='VSS' OR Name='COMSysApp' OR Name='MSDTC' OR Name='KeyIso'"
        foreach ($row in Get-VmbCim Win32_Service Name, ExitCode, ServiceSpecificExitCode, ProcessId -Filter $filter) {
            $codes[$row.Name] = @{ exit_code = $row.ExitCode; specific_code = $row.ServiceSpecificExitCode; process_id = $row.ProcessId }
        }
        $codes
    }
}

Function Get-VmbServiceState {
    param ([string]$Name, [System.Collections.IDictionary]$Live, [string]$SystemRoot)
    $path = "SYSTEM\CurrentControlSet\Services\$Name"
    $key = Get-VmbPlainKey $path
    if ($null -eq $key -or (-not $Live.Contains($Name) -and $null -eq $key['ImagePath'])) { return }
    $image = Resolve-VmbImage $key['ImagePath'] $SystemRoot
    $library = Resolve-VmbImage (Get-VmbRegistryValue "$path\Parameters" 'ServiceDll') $SystemRoot
    @{
        state = if ($Live.Contains($Name)) { $Live[$Name].state }
        start = $key['Start']
        delayed = $key['DelayedAutostart'] -eq 1
        triggered = 'TriggerInfo' -in @(Get-VmbRegistryName $path)
        account = $key['ObjectName']
        image = $image
        image_exists = [bool]($image -and (Test-VmbFile $image))
        library = $library
        library_exists = -not $library -or $library -like '*%*' -or (Test-VmbFile $library)
        depends_on = @($key['DependOnService'] | Where-Object { $_ })
        failure_actions = $key['FailureActions']
        acts_on_errors = $key['FailureActionsOnNonCrashFailures'] -eq 1
        delete_flag = $key['DeleteFlag'] -eq 1
        read_from = "HKLM\$path and the service control manager"
    }
}

Function Resolve-VmbImage {
    # The program of an ImagePath as the service control manager finds it: quoted, or the shortest prefix that is a file.
    param ([string]$ImagePath, [string]$SystemRoot)
    if (-not $ImagePath) { return }
    $text = ($ImagePath -replace '^\\\?\?\\' -replace '^\\?SystemRoot\\|^(?=system32\\)', "$SystemRoot\" -replace '%(SystemRoot|windir)%', $SystemRoot).Trim()
    if ($text.StartsWith('"')) { return $text.Substring(1).Split('"')[0] }
    $words = $text.Split(' ')
    for ($end = 0; $end -lt $words.Count; $end++) {
        $candidate = $words[0..$end] -join ' '
        foreach ($path in $candidate, "$candidate.exe") { if (Test-VmbFile $path) { return $path } }
    }
    $text
}

Function Get-VmbStorageSection {
    param ([System.Collections.IDictionary]$Facts, [System.Collections.IDictionary]$Options)
    Set-VmbFact $Facts 'system_drive' { $Options.system.drive }
    Set-VmbFact $Facts 'drives' -List { Get-VmbDrive }
}

Function Get-VmbStorageCim {
    param ([System.Collections.IDictionary]$Facts, [System.Collections.IDictionary]$Options)
    Set-VmbFact $Facts 'bitlocker' -List {
        Get-VmbCim Win32_EncryptableVolume DriveLetter, ProtectionStatus -Namespace root/cimv2/Security/MicrosoftVolumeEncryption |
            ForEach-Object { @{ name = $_.DriveLetter; protection = $_.ProtectionStatus } }
    }
    Set-VmbFact $Facts 'pools' -List {
        # Pools that somebody made of disks; the primordial one only lists what could be pooled.
        Get-VmbCim MSFT_StoragePool FriendlyName -Namespace root/Microsoft/Windows/Storage -Filter 'IsPrimordial = FALSE' | ForEach-Object { $_.FriendlyName }
    }
}

Function Get-VmbLoadSection {
    param ([System.Collections.IDictionary]$Facts, [System.Collections.IDictionary]$Options)
    $null = $Options
    Set-VmbFact $Facts 'desktop_heap' {
        # KiB: what all desktops share, a desktop of a person who is signed in, and one of services.
        $path = 'SYSTEM\CurrentControlSet\Control\Session Manager\SubSystems'
        if ([string](Get-VmbRegistryValue $path 'Windows') -match 'SharedSection=(\d{1,9}),(\d{1,9}),(\d{1,9})') {
            @{ shared_kib = [int]$Matches[1]; interactive_kib = [int]$Matches[2]; services_kib = [int]$Matches[3]; read_from = "HKLM\$path\Windows" }
        }
    }
    Set-VmbFact $Facts 'page_files' -List {
        # Each with its smallest and largest size in MiB; zeros where Windows decides.
        Get-VmbRegistryValue 'SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management' 'PagingFiles' | Where-Object { $_ }
    }
}

Function Get-VmbLoadCim {
    param ([System.Collections.IDictionary]$Facts, [System.Collections.IDictionary]$Options)
    $sample = {
        $row = @(Get-VmbCim Win32_PerfRawData_PerfOS_Processor PercentProcessorTime, Timestamp_Sys100NS -Filter "Name='_Total'")[0]
        if ($null -eq $row -or $null -eq $row.PercentProcessorTime) { throw 'The performance counter of the processors is missing' }
        $row
    }
    Set-VmbFact $Facts 'cpu' {
        $first = & $sample
        [System.Threading.Thread]::Sleep([int](1000 * $Options.cpu_sample))
        $second = & $sample
        $span = [double]$second.Timestamp_Sys100NS - [double]$first.Timestamp_Sys100NS
        # The counter holds idle time: busy is what is left of the span.
        $idle = [double]$second.PercentProcessorTime - [double]$first.PercentProcessorTime
        @{
            percent = [Math]::Round([Math]::Max(0, [Math]::Min(100, 100 * (1 - $idle / $span))), 1)
            cores = [System.Environment]::ProcessorCount
            sample_s = [Math]::Round($span / 1e7, 2)
            read_from = 'Win32_PerfRawData_PerfOS_Processor'
        }
    }
    Set-VmbFact $Facts 'memory' {
        $row = @(Get-VmbCim Win32_OperatingSystem TotalVisibleMemorySize, FreePhysicalMemory, TotalVirtualMemorySize, FreeVirtualMemory)[0]
        $total = [double]$row.TotalVisibleMemorySize
        @{
            total_mib = [int64]($total / 1024)
            available_mib = [int64]($row.FreePhysicalMemory / 1024)
            used_percent = [Math]::Round(100 * ($total - $row.FreePhysicalMemory) / $total, 1)
            commit_limit_mib = if ($row.TotalVirtualMemorySize) { [int64]($row.TotalVirtualMemorySize / 1024) }
            commit_free_mib = if ($row.TotalVirtualMemorySize) { [int64]($row.FreeVirtualMemory / 1024) }
            read_from = 'Win32_OperatingSystem'
        }
    }
}

Function Get-VmbClockSection {
    param ([System.Collections.IDictionary]$Facts, [System.Collections.IDictionary]$Options)
    $time = 'SYSTEM\CurrentControlSet\Services\W32Time'
    Set-VmbFact $Facts 'now' { [Math]::Round(([DateTime]::UtcNow - [DateTime]::new(1970, 1, 1)).TotalSeconds, 3) }
    Set-VmbFact $Facts 'source' { @{ type = Get-VmbRegistryValue "$time\Parameters" 'Type'; servers = Get-VmbRegistryValue "$time\Parameters" 'NtpServer' } }
    Set-VmbFact $Facts 'host_provider' { Get-VmbRegistryValue "$time\TimeProviders\VMICTimeProvider" 'Enabled' }
}

Function Get-VmbSecuritySection {
    param ([System.Collections.IDictionary]$Facts, [System.Collections.IDictionary]$Options)
    Set-VmbFact $Facts 'tls12_client' {
        Get-VmbPlainKey 'SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Client' -Name Enabled, DisabledByDefault
    }
    Set-VmbFact $Facts 'cipher_suites' {
        # One text or several, each with one suite or more. A policy replaces the local list.
        foreach ($place in 'SOFTWARE\Policies\Microsoft\Cryptography\Configuration', 'SYSTEM\CurrentControlSet\Control\Cryptography\Configuration\Local') {
            $path = "$place\SSL\00010002"
            $names = @((Get-VmbRegistryValue $path 'Functions') -split '[,\s]+' | Where-Object { $_ })
            if ($names) { return @{ names = $names; read_from = "HKLM\$path\Functions" } }
        }
    }
    Set-VmbFact $Facts 'fips' { Get-VmbRegistryValue 'SYSTEM\CurrentControlSet\Control\Lsa\FipsAlgorithmPolicy' 'Enabled' }
    Set-VmbFact $Facts 'applocker' {
        $collections = @{}
        $base = 'SOFTWARE\Policies\Microsoft\Windows\SrpV2'
        foreach ($name in Get-VmbRegistryName $base) {
            $rules = @(Get-VmbRegistryName "$base\$name" | ForEach-Object { Limit-VmbText ([string](Get-VmbRegistryValue "$base\$name\$_" 'Value')) 1000 })
            $collections[$name] = @{ enforcement = Get-VmbRegistryValue "$base\$name" 'EnforcementMode'; rules = @($rules | Where-Object { $_ }) }
        }
        $collections
    }
    Set-VmbFact $Facts 'commands' {
        $path = 'SYSTEM\CurrentControlSet\Control\Session Manager\Environment'
        $key = Get-VmbRegistryKey $path
        $values = @{ path = $null; comspec = $null }
        foreach ($name in 'path', 'comspec') {
            if (-not $key -or -not $key.Contains($name)) { continue }
            $values[$name] = [string]$key[$name].value
            # Windows replaces variables in a value of this type only.
            if ($key[$name].type -eq 'REG_EXPAND_SZ') {
                $values[$name] = $values[$name] -replace '%(SystemRoot|windir)%', $Options.system.root -replace '%SystemDrive%', $Options.system.drive.TrimEnd('\')
            }
        }
        $folders = @(([string]$values.path).Split(';') | ForEach-Object { $_.Trim(' ', '"').Replace('/', '\').TrimEnd('\') })
        $debuggers = @{}
        $images = 'SOFTWARE\Microsoft\Windows NT\CurrentVersion\Image File Execution Options'
        foreach ($name in 'WaAppAgent.exe', 'WindowsAzureGuestAgent.exe', 'IaasVmProvider.exe', 'IaaSBcdrExtension.exe', 'vssvc.exe', 'cmd.exe') {
            $debugger = Get-VmbRegistryValue "$images\$name" 'Debugger'
            if ($debugger) { $debuggers[$name] = Limit-VmbText ([string]$debugger) 300 }
        }
        @{
            path = if ($null -ne $values.path) { Limit-VmbText $values.path 1000 }
            finds_system = "$($Options.system.root)\System32" -in $folders
            comspec = if ($null -ne $values.comspec) { Limit-VmbText $values.comspec 300 }
            debuggers = $debuggers
            read_from = "HKLM\$path"
        }
    }
    Set-VmbFact $Facts 'defender_exclusions' -List {
        foreach ($base in 'SOFTWARE\Microsoft\Windows Defender', 'SOFTWARE\Policies\Microsoft\Windows Defender') {
            $key = Get-VmbRegistryKey "$base\Exclusions\Paths"
            if ($key) { $key.Keys }
        }
    }
    Set-VmbFact $Facts 'antivirus_filters' -List {
        # File system filters of antivirus products register in this group, whoever makes them.
        foreach ($name in Get-VmbRegistryName 'SYSTEM\CurrentControlSet\Services') {
            if ((Get-VmbRegistryValue "SYSTEM\CurrentControlSet\Services\$name" 'Group') -eq 'FSFilter Anti-Virus') { $name }
        }
    }
}

Function Get-VmbSecurityCim {
    param ([System.Collections.IDictionary]$Facts, [System.Collections.IDictionary]$Options)
    Set-VmbFact $Facts 'code_integrity' {
        $row = @(Get-VmbCim Win32_DeviceGuard CodeIntegrityPolicyEnforcementStatus, UsermodeCodeIntegrityPolicyEnforcementStatus -Namespace root/Microsoft/Windows/DeviceGuard)[0]
        @{ kernel = $row.CodeIntegrityPolicyEnforcementStatus; user_mode = $row.UsermodeCodeIntegrityPolicyEnforcementStatus }
    }
}

Function Get-VmbDotnetSection {
    param ([System.Collections.IDictionary]$Facts, [System.Collections.IDictionary]$Options)
    Set-VmbFact $Facts 'release' { Get-VmbRegistryValue 'SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full' 'Release' }
    Set-VmbFact $Facts 'enable64bit' { Get-VmbRegistryValue 'SOFTWARE\Microsoft\.NETFramework' 'Enable64Bit' }
    foreach ($version in 'v4.0.30319', 'v2.0.50727') {
        Set-VmbFact $Facts "crypto_$($version.Substring(0, 2))" {
            @{
                native = Get-VmbPlainKey "SOFTWARE\Microsoft\.NETFramework\$version" -Name SchUseStrongCrypto, SystemDefaultTlsVersions
                wow64 = Get-VmbPlainKey "SOFTWARE\WOW6432Node\Microsoft\.NETFramework\$version" -Name SchUseStrongCrypto, SystemDefaultTlsVersions
            }
        }
    }
    $path = "$($Options.system.root)\Microsoft.NET\Framework64\v4.0.30319\Config\machine.config"
    Set-VmbFact $Facts 'machine_config' {
        $text = Get-VmbText $path 2097152
        if ($null -eq $text) { return }
        $document = [System.Xml.XmlDocument]::new()
        $problem = Read-VmbXml $document $text
        $element = if (-not $problem) { $document.SelectSingleNode('/configuration/system.net/defaultProxy') }
        $proxy = if ($element) { Limit-VmbText $element.OuterXml 500 }
        @{
            path = $path
            size = $text.Length
            xml_error = $problem
            wcf_debugging = $text.Contains('Microsoft.VisualStudio.Diagnostics.ServiceModelSink')
            default_proxy = $proxy
        }
    }
    Set-VmbFact $Facts 'agent_configs' -List {
        foreach ($service in 'RdAgent', 'WindowsAzureGuestAgent') {
            $image = Resolve-VmbImage (Get-VmbRegistryValue "SYSTEM\CurrentControlSet\Services\$service" 'ImagePath') $Options.system.root
            $text = if ($image) { Get-VmbText "$image.config" 2097152 }
            if ($null -eq $text) { continue }
            @{ service = $service; path = "$image.config"; xml_error = Read-VmbXml ([System.Xml.XmlDocument]::new()) $text }
        }
    }
}

Function Read-VmbXml {
    # Fills a document with a text; gives why that is no XML.
    param ([System.Xml.XmlDocument]$Document, [string]$Text)
    try {
        $settings = [System.Xml.XmlReaderSettings]::new()
        $settings.DtdProcessing = 'Prohibit'
        $Document.Load([System.Xml.XmlReader]::Create([System.IO.StringReader]::new($Text), $settings))
    }
    catch { Get-VmbReason $_.Exception }
}

Function Get-VmbWmiSection {
    # Everything of this section needs CIM.
    param ([System.Collections.IDictionary]$Facts, [System.Collections.IDictionary]$Options)
    $null = $Facts, $Options
}

Function Get-VmbWmiCim {
    param ([System.Collections.IDictionary]$Facts, [System.Collections.IDictionary]$Options)
    Set-VmbFact $Facts 'std_reg_prov' { Get-VmbStdRegProv }
}

Function Get-VmbEventsSection {
    # What the agent, the plugin and what they rest on told the event log, newest first; bounds: 7 days, 20 of a kind.
    param ([System.Collections.IDictionary]$Facts, [System.Collections.IDictionary]$Options)
    foreach ($kind in Get-VmbEventKind) {
        Set-VmbFact $Facts $kind.name -List {
            $found = @(Get-VmbEvent -Log $kind.log -Query (Get-VmbEventQuery $kind 7))
            if ($kind.name -eq 'service_failures' -and $found) { Add-VmbServiceName $found (Get-VmbService) } else { $found }
        }
    }
}

Export-ModuleMember -Function '*-Vmb*'
