# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause

# Sections of the probe about the network: proxy, dhcp, fabric, firewall. They state facts and never judge.
# Private to the collection.

Function Get-VmbProxySection {
    param ([System.Collections.IDictionary]$Facts, [System.Collections.IDictionary]$Options)
    $settings = 'Microsoft\Windows\CurrentVersion\Internet Settings'
    Set-VmbFact $Facts 'winhttp' { Get-VmbBinary "SOFTWARE\$settings\Connections" 'WinHttpSettings' }
    Set-VmbFact $Facts 'winhttp_wow64' { Get-VmbBinary "SOFTWARE\WOW6432Node\$settings\Connections" 'WinHttpSettings' }
    # The agent and the plugin run as LocalSystem; S-1-5-18 and .DEFAULT are two names of its hive.
    $system = if ('S-1-5-18' -in @(Get-VmbRegistryName '' -Hive Users)) { 'S-1-5-18' } else { '.DEFAULT' }
    Set-VmbFact $Facts 'system_account' { Get-VmbInternetSetting "$system\Software\$settings" 'Users' }
    Set-VmbFact $Facts 'machine' { Get-VmbInternetSetting "SOFTWARE\$settings" 'LocalMachine' }
    Set-VmbFact $Facts 'per_user' { Get-VmbRegistryValue "SOFTWARE\Policies\$settings" 'ProxySettingsPerUser' }
    Set-VmbFact $Facts 'environment' {
        $path = 'SYSTEM\CurrentControlSet\Control\Session Manager\Environment'
        $key = Get-VmbPlainKey $path -Name HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY
        $key.read_from = "HKLM\$path"
        $key
    }
}

Function Get-VmbBinary {
    # A binary value with the secrets in its texts masked. $null when there is no value.
    param ([string]$Path, [string]$Name, [string]$Hive = 'LocalMachine')
    $key = Get-VmbRegistryKey $Path -Hive $Hive
    if ($null -eq $key -or -not $key.Contains($Name)) { return }
    $entry = $key[$Name]
    if ($entry.type -eq 'REG_BINARY') {
        $entry.value = [Convert]::ToBase64String((Hide-VmbBlob ([Convert]::FromBase64String($entry.value))))
    }
    $entry.read_from = "$Hive\$Path\$Name"
    $entry
}

Function Get-VmbInternetSetting {
    param ([string]$Path, [string]$Hive)
    $key = Get-VmbRegistryKey $Path -Hive $Hive
    $facts = @{ read_from = "$Hive\$Path" }
    foreach ($name in 'ProxyEnable', 'ProxyServer', 'ProxyOverride', 'AutoConfigURL') {
        $value = if ($key -and $key.Contains($name)) { $key[$name].value }
        $facts[$name] = $value
    }
    $facts.DefaultConnectionSettings = Get-VmbBinary "$Path\Connections" 'DefaultConnectionSettings' -Hive $Hive
    $facts
}

Function Get-VmbDhcpSection {
    param ([System.Collections.IDictionary]$Facts, [System.Collections.IDictionary]$Options)
    Set-VmbFact $Facts 'interfaces' -List { Get-VmbAdapter }
    Set-VmbFact $Facts 'absent_adapters' {
        # Adapters that Windows keeps settings of and that the machine does not have any more.
        $class, $known = 'SYSTEM\CurrentControlSet\Control\Network\{4D36E972-E325-11CE-BFC1-08002BE10318}', @($Facts.values.interfaces | ForEach-Object { $_.id })
        @(Get-VmbRegistryName $class | Where-Object { $_ -like '{*' -and $_ -notin $known -and (Get-VmbRegistryValue "$class\$_\Connection" 'PnpInstanceID') -like 'VMBUS\*' }).Count
    }
    Set-VmbFact $Facts 'primary' {
        # The adapter with a lease of Azure and a gateway, whatever a VPN routes; else the one that Windows would use towards
        # the fabric, else the one with a gateway, else the first that is up.
        $settings = 'SYSTEM\CurrentControlSet\Services\Tcpip\Parameters\Interfaces'
        $source = (Get-VmbRoute $Options.wire_server).source
        $usable = @($Facts.values.interfaces | Where-Object { $_.up -and $_.addresses })
        $used = @($usable | Where-Object { $source -in @($_.addresses | ForEach-Object { $_.address }) })
        $leased = @($used + $usable | Where-Object { $_.gateways -and (Get-VmbRegistryValue "$settings\$($_.id)" 'DhcpServer') -eq $Options.wire_server })
        $adapter = $leased + $used + @($usable | Where-Object { $_.gateways }) + $usable + @($Facts.values.interfaces | Where-Object { $_.up }) | ForEach-Object { $_ }
        $adapter = @($adapter)[0]
        if ($null -eq $adapter) { return }
        $path = "$settings\$($adapter.id)"
        $key = Get-VmbPlainKey $path
        if ($null -eq $key) { throw "The registry has no settings of the adapter $($adapter.id)" }
        @{
            interface = $adapter.name
            mac = $adapter.mac
            addresses = @($adapter.addresses | ForEach-Object { $_.address })
            client = 'windows'
            method = if ($key['EnableDHCP'] -eq 1) { 'dhcp' } else { 'static' }
            static_addresses = @($key['IPAddress'] | Where-Object { $_ -and $_ -ne '0.0.0.0' })
            static_dns = $key['NameServer']
            lease_address = $key['DhcpIPAddress']
            lease_server = $key['DhcpServer']
            read_from = "HKLM\$path"
        }
    }
}

Function Get-VmbDhcpCim {
    param ([System.Collections.IDictionary]$Facts, [System.Collections.IDictionary]$Options)
    Set-VmbFact $Facts 'skip_as_source' {
        $skip = @{}
        Get-VmbCim MSFT_NetIPAddress IPAddress, SkipAsSource -Namespace root/StandardCimv2 -Filter 'AddressFamily = 2' |
            ForEach-Object { $skip[$_.IPAddress] = $_.SkipAsSource }
        $skip
    }
}

Function Get-VmbFirewallSection {
    # Windows keeps its rules in the registry in a form of its own, the same in every language.
    param ([System.Collections.IDictionary]$Facts, [System.Collections.IDictionary]$Options)
    $local = 'SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy'
    $policy = 'SOFTWARE\Policies\Microsoft\WindowsFirewall'
    Set-VmbFact $Facts 'profiles' {
        $profiles = @{}
        foreach ($name in 'DomainProfile', 'StandardProfile', 'PublicProfile') {
            $profiles[$name] = @{
                local = Get-VmbPlainKey "$local\$name" -Name EnableFirewall, DefaultOutboundAction
                policy = Get-VmbPlainKey "$policy\$name" -Name EnableFirewall, DefaultOutboundAction, AllowLocalPolicyMerge
            }
        }
        $profiles.read_from = "HKLM\$local", "HKLM\$policy"
        $profiles
    }
    Set-VmbFact $Facts 'outbound_rules' -List {
        foreach ($path in "$local\FirewallRules", "$policy\FirewallRules") {
            $rules = Get-VmbPlainKey $path
            if ($null -eq $rules) { continue }
            foreach ($name in $rules.Keys) {
                $text = [string]$rules[$name]
                if ($text -match '\|Dir=Out\|' -and $text -match '\|Active=TRUE\|' -and ($text -match '\|Action=Block\|' -or $text -notmatch '\|App=|\|Svc=|\|AppPkgId=')) {
                    # What somebody wrote beside a rule decides nothing.
                    $text = $text -replace '\|(Desc|EmbedCtxt)=[^|]*', '|$1=***'
                    @{ name = $name; rule = Limit-VmbText $text 600; read_from = "HKLM\$path" }
                }
            }
        }
    }
}

Function Get-VmbFirewallCim {
    param ([System.Collections.IDictionary]$Facts, [System.Collections.IDictionary]$Options)
    Set-VmbFact $Facts 'active_profiles' -List {
        # 0 public, 1 private, 2 domain
        Get-VmbCim MSFT_NetConnectionProfile InterfaceIndex, NetworkCategory -Namespace root/StandardCimv2 |
            ForEach-Object { @{ interface = $_.InterfaceIndex; category = $_.NetworkCategory } }
    }
}

Function Get-VmbFabricSection {
    # The way to the host and to storage. All connections are made at once; none uses a proxy that is not named for it.
    param ([System.Collections.IDictionary]$Facts, [System.Collections.IDictionary]$Options)
    $wire = $Options.wire_server
    $get = "GET {0} HTTP/1.1`r`nHost: {1}`r`nConnection: close`r`n{2}`r`n"
    $probes = @{
        wire_http = @{ address = $wire; port = $Options.wire_port; request = $get -f '/?comp=versions', $wire, ''; tls_name = $null
            read_from = "http ${wire}:$($Options.wire_port)/?comp=versions"
        }
        host_plugin = @{ address = $wire; port = $Options.host_plugin_port; request = $get -f '/versions', $wire, ''; tls_name = $null
            read_from = "tcp ${wire}:$($Options.host_plugin_port): connect"
        }
        imds = @{ address = $Options.imds_server; port = $Options.imds_port; tls_name = $null
            request = $get -f '/metadata/instance?api-version=2021-12-13&format=json', $Options.imds_server, "Metadata: true`r`n"
            read_from = "http $($Options.imds_server):$($Options.imds_port)/metadata/instance"
        }
    }
    $storage = if ($Options.storage_endpoint) { Split-VmbEndpoint $Options.storage_endpoint 443 }
    $target = if ($storage) { $storage } else { @{ host = 'management.azure.com'; port = 443 } }
    $proxies = @(Get-VmbProxyServer)
    foreach ($proxy in $proxies) {
        $end = Split-VmbEndpoint $proxy.proxy 80
        $name = "$($target.host):$($target.port)"
        $probes[$proxy.proxy] = @{ address = $end.host; port = $end.port; request = "CONNECT $name HTTP/1.1`r`nHost: $name`r`n`r`n"
            tls_name = if ($storage) { $target.host }; read_from = "tcp $($proxy.proxy): CONNECT $name"; target = $name
        }
    }
    $resolved = $null
    if ($storage) {
        $resolved = Resolve-VmbHost $storage.host
        if ($resolved.addresses) { $probes.storage = @{ address = $resolved.addresses[0]; port = $storage.port; request = $null; tls_name = $storage.host; read_from = "tcp $($storage.host):$($storage.port)" } }
    }
    Set-VmbFact $Facts 'route' { @{ read_from = "route to $wire" } + (Get-VmbRoute $wire) }
    Invoke-VmbConnection @($probes.Values)
    $answer = $probes.wire_http.answer
    Set-VmbFact $Facts 'wire_http' { (Select-VmbAnswer $probes.wire_http) + @{ is_version_list = Test-VmbVersionList $answer; clock_offset_s = Get-VmbClockOffset $answer } }
    Set-VmbFact $Facts 'host_plugin' { (Select-VmbAnswer $probes.host_plugin) + @{ is_version_list = Test-VmbVersionList $probes.host_plugin.answer } }
    Set-VmbFact $Facts 'imds' { (Select-VmbAnswer $probes.imds) + @{ instance = Read-VmbInstance $probes.imds.answer } }
    Set-VmbFact $Facts 'proxies' -List {
        foreach ($proxy in $proxies) {
            $probe = $probes[$proxy.proxy]
            @{ proxy = $proxy.proxy; clients = $proxy.clients; target = $probe.target; target_is_storage = [bool]$storage
                status = Get-VmbHttpStatus $probe.answer; tls_error = $probe.tls_error
                answer = if ([string]$probe.answer -match '^[^\r\n]+') { Limit-VmbText $Matches[0] 200 }
            } + (Select-VmbConnection $probe)
        }
    }
    if ($storage) {
        Set-VmbFact $Facts 'storage' {
            $made = if ($probes.Contains('storage')) { (Select-VmbConnection $probes.storage) + @{ tls_error = $probes.storage.tls_error } }
            else { @{ connected = $false; error = $resolved.error; tls_error = $null } }
            @{ endpoint = "$($storage.host):$($storage.port)"; addresses = $resolved.addresses; dns_error = $resolved.error } + $made
        }
    }
    else { $Facts.missing.storage = 'no storage endpoint is known' }
    Set-VmbFact $Facts 'pinned_names' -List { Get-VmbPinnedName "$($Options.system.root)\System32\drivers\etc\hosts" }
    Set-VmbFact $Facts 'persistent_routes' -List {
        # Each is a value "destination,mask,gateway,metric".
        $key = Get-VmbRegistryKey 'SYSTEM\CurrentControlSet\Services\Tcpip\Parameters\PersistentRoutes'
        if ($key) { $key.Keys }
    }
}

Function Select-VmbConnection {
    # What a connection gave, as facts of the same form as on Linux.
    param ([System.Collections.IDictionary]$Probe)
    @{ connected = $Probe.connected; error = $Probe.error; error_code = $Probe.error_code; seconds = $Probe.seconds; read_from = $Probe.read_from }
}

Function Select-VmbAnswer {
    # What a connection and its request gave.
    param ([System.Collections.IDictionary]$Probe)
    $text = [string]$Probe.answer
    $answer = @{ address = $Probe.address; port = $Probe.port; status = Get-VmbHttpStatus $text; answer_error = $null; via = $null }
    if ($null -eq $answer.status -and $Probe.connected) { $answer.answer_error = if ($text) { 'no HTTP answer' } else { 'closed or silent without an answer' } }
    if ($text -match '(?im)^(Via|X-Cache):\s*(?<via>[^\r\n]{1,200})') { $answer.via = $Matches.via }
    $answer + (Select-VmbConnection $Probe)
}

Function Get-VmbHttpStatus {
    param ([string]$Answer)
    if ($Answer -match '^HTTP/\d\.\d (?<status>\d{3})') { [int]$Matches.status }
}

Function Test-VmbVersionList {
    # Whether an answer is a list of versions and not somebody else's page.
    param ([string]$Answer)
    (Get-VmbHttpStatus $Answer) -eq 200 -and $Answer -match '<Versions[\s\S]*<Version>|\r\n\r\n[0-9a-fA-F\r\n]*\['
}

Function Get-VmbClockOffset {
    # Seconds by which the guest's clock is ahead of the answer's date.
    param ([string]$Answer)
    if ($Answer -notmatch '(?im)^Date:\s*(?<date>[^\r\n]{1,40})') { return }
    $date = [DateTime]::MinValue
    $read = [DateTime]::TryParseExact($Matches.date, 'r', [System.Globalization.CultureInfo]::InvariantCulture, 'AssumeUniversal, AdjustToUniversal', [ref]$date)
    if ($read) { [Math]::Round(([DateTime]::UtcNow - $date).TotalSeconds, 1) }
}

Function Read-VmbInstance {
    # Addresses that the platform knows of this machine. $null: the answer is no instance of IMDS.
    param ([string]$Answer)
    $from = $Answer.IndexOf('{')
    if ($Answer -notmatch '^HTTP/\d\.\d 200' -or $from -lt 0) { return }
    try { $json = $Answer.Substring($from, $Answer.LastIndexOf('}') - $from + 1) | ConvertFrom-Json } catch { return }
    $first = @(Get-VmbMember $json network, interface)[0]
    $addresses = @(Get-VmbMember $first ipv4, ipAddress | Where-Object { $_ } | ForEach-Object { Get-VmbMember $_ privateIpAddress })
    @{
        os_type = Get-VmbMember $json compute, osType
        primary_address = if ($addresses) { $addresses[0] }
        further_addresses = @($addresses | Where-Object { $_ -ne $addresses[0] })
        primary_mac = ([string](Get-VmbMember $first macAddress)).ToLowerInvariant() -replace '(..)(?=.)', '$1:'
        compute = Read-VmbCompute (Get-VmbMember $json compute)
    }
}

Function Read-VmbCompute {
    # The machine as Azure has it. Only what is needed: tags, keys and user data are nobody's business.
    param ($Compute)
    $disks = @(Get-VmbMember $Compute storageProfile, osDisk | Where-Object { $_ } | ForEach-Object { Read-VmbMetadataDisk $_ 'os' })
    $disks += @(Get-VmbMember $Compute storageProfile, dataDisks | Where-Object { $_ } | ForEach-Object { Read-VmbMetadataDisk $_ 'data' })
    @{
        resource_id = Get-VmbWord $Compute resourceId
        vm_id = Get-VmbWord $Compute vmId
        location = Get-VmbWord $Compute location
        size = Get-VmbWord $Compute vmSize
        computer_name = Get-VmbWord $Compute osProfile, computerName
        security_type = Get-VmbWord $Compute securityProfile, securityType
        disks = $disks
    }
}

Function Read-VmbMetadataDisk {
    # The service writes flags as words.
    param ($Disk, [string]$Role)
    @{
        name = Get-VmbWord $Disk name
        role = $Role
        sku = Get-VmbWord $Disk managedDisk, storageAccountType
        write_accelerator = (Get-VmbWord $Disk writeAcceleratorEnabled) -eq 'true'
        ephemeral = (Get-VmbWord $Disk diffDiskSettings, option) -eq 'Local'
        unmanaged = [bool](Get-VmbWord $Disk vhd, uri)
    }
}

Function Get-VmbWord {
    # A text deep in an object; $null for an empty one.
    param ($From, [string[]]$Name)
    $found = [string](Get-VmbMember $From $Name)
    if ($found) { $found }
}

Function Get-VmbPinnedName {
    # Names of Azure Storage to which the hosts file gives an address, at most eight: no name server is asked for them.
    param ([string]$Path)
    $number = $count = 0
    foreach ($line in ([string](Get-VmbText $Path 65536)) -split '\r?\n') {
        $number++
        $address, $names = ($line -replace '#.*$').Trim().ToLowerInvariant() -split '\s+'
        foreach ($name in $names) {
            if ($name -match '^[a-z0-9.-]{1,80}\.blob\.(core|storage)\.[a-z.]{4,40}$' -and ++$count -le 8) {
                @{ name = $name.TrimEnd('.'); address = Limit-VmbText $address 45; read_from = "${Path}:$number" }
            }
        }
    }
}

Function Get-VmbProxyServer {
    # The proxies that programs of this machine are told to use: @{proxy; clients}. The whole settings are in section proxy.
    $settings = 'Microsoft\Windows\CurrentVersion\Internet Settings'
    $blob = Get-VmbRegistryValue "SOFTWARE\$settings\Connections" 'WinHttpSettings'
    $found = [ordered]@{}
    $bytes = try { [Convert]::FromBase64String([string]$blob) } catch { , [byte[]]@() }
    if ($bytes.Length -ge 20 -and ($bytes[8] -band 2)) {
        $length = [BitConverter]::ToUInt32($bytes, 12)
        if ($length -gt 0 -and $length -le $bytes.Length - 16) { $found.winhttp = [System.Text.Encoding]::ASCII.GetString($bytes, 16, $length) }
    }
    # A policy gives every account, LocalSystem too, the settings of the machine.
    $machine_wide = 0 -eq (Get-VmbRegistryValue "SOFTWARE\Policies\$settings" 'ProxySettingsPerUser')
    $keys = if ($machine_wide) { Get-VmbRegistryKey "SOFTWARE\$settings" }
    else { 'S-1-5-18', '.DEFAULT' | ForEach-Object { Get-VmbRegistryKey "$_\Software\$settings" -Hive Users } }
    foreach ($key in $keys) {
        if ($key -and $key.Contains('ProxyEnable') -and $key.ProxyEnable.value -eq 1 -and $key.Contains('ProxyServer')) { $found.system_account = [string]$key.ProxyServer.value }
    }
    $servers = @{}
    foreach ($user in $found.Keys) {
        foreach ($part in $found[$user] -split '[; ]') {
            $server = Hide-VmbProxy ($part -replace '^.*@' -replace '^(http|https)=' -replace '^[a-z]+://' -replace '/.*$')
            if ($server -and $server -notmatch '=') { $servers[$server] = @($servers[$server]) + $user }
        }
    }
    foreach ($server in $servers.Keys) { @{ proxy = $server; clients = @($servers[$server] | Where-Object { $_ }) } }
}

Function Split-VmbEndpoint {
    # host, host:port or URL as @{host; port}.
    param ([string]$Endpoint, [int]$Port)
    $text = $Endpoint -replace '^[a-z]+://' -replace '/.*$'
    if ($text -match '^(?<host>.+):(?<port>\d{1,5})$') { @{ host = $Matches.host; port = [int]$Matches.port } }
    else { @{ host = $text; port = $Port } }
}

Export-ModuleMember -Function '*-Vmb*'
