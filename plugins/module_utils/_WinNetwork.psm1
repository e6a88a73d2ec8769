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
        foreach ($name in @($key.Keys)) { $key[$name] = Hide-VmbSecret $key[$name] }
        $key.read_from = "HKLM\$path"
        $key
    }
}

Function Get-VmbBinary {
    # A binary value with passwords masked in place: its lengths stay true. $null when there is no value.
    param ([string]$Path, [string]$Name, [string]$Hive = 'LocalMachine')
    $key = Get-VmbRegistryKey $Path -Hive $Hive
    if ($null -eq $key -or -not $key.Contains($Name)) { return }
    $entry = $key[$Name]
    if ($entry.type -eq 'REG_BINARY') {
        $latin1 = [System.Text.Encoding]::GetEncoding(28591)
        $entry.value = [Convert]::ToBase64String($latin1.GetBytes((Hide-VmbSecret $latin1.GetString([Convert]::FromBase64String($entry.value)))))
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
        $facts[$name] = if ($value -is [string]) { Hide-VmbSecret $value } else { $value }
    }
    $facts.DefaultConnectionSettings = Get-VmbBinary "$Path\Connections" 'DefaultConnectionSettings' -Hive $Hive
    $facts
}

Function Get-VmbDhcpSection {
    param ([System.Collections.IDictionary]$Facts, [System.Collections.IDictionary]$Options)
    Set-VmbFact $Facts 'interfaces' -List {
        foreach ($adapter in Get-VmbAdapter) {
            $path = "SYSTEM\CurrentControlSet\Services\Tcpip\Parameters\Interfaces\$($adapter.id)"
            $key = Get-VmbPlainKey $path
            if ($null -eq $key) { $key = @{} }
            $adapter.dhcp = if ($null -ne $key['EnableDHCP']) { $key['EnableDHCP'] -eq 1 }
            $adapter.lease = @{ server = $key['DhcpServer']; address = $key['DhcpIPAddress']; obtained = $key['LeaseObtainedTime']; ends = $key['LeaseTerminatesTime'] }
            $adapter.static = @{ addresses = @($key['IPAddress'] | Where-Object { $_ }); dns = $key['NameServer'] }
            $adapter.read_from = "HKLM\$path"
            $adapter
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
    # The way to the host and to storage. All connections are made at once, none uses a proxy unless it says so.
    param ([System.Collections.IDictionary]$Facts, [System.Collections.IDictionary]$Options)
    $get = "GET {0} HTTP/1.1`r`nHost: {1}`r`nConnection: close`r`n{2}`r`n"
    $imds = '/metadata/instance?api-version=2021-02-01&format=json'
    $probes = [ordered]@{
        wire = @{ address = $Options.wire_server; port = $Options.wire_port; request = $get -f '/?comp=versions', $Options.wire_server, '' }
        host_plugin = @{ address = $Options.wire_server; port = $Options.host_plugin_port; request = $get -f '/versions', $Options.wire_server, '' }
        imds = @{ address = $Options.imds_server; port = $Options.imds_port; request = $get -f $imds, $Options.imds_server, "Metadata: true`r`n" }
    }
    $storage = if ($Options.storage_endpoint) { Split-VmbEndpoint $Options.storage_endpoint 443 }
    $target = if ($storage) { "$($storage.host):$($storage.port)" } else { "$($Options.wire_server):$($Options.wire_port)" }
    $proxies = @(Get-VmbProxyServer)
    $number = 0
    foreach ($proxy in $proxies) {
        $end = Split-VmbEndpoint $proxy.proxy 80
        $connect = if ($storage) { "CONNECT $target HTTP/1.1`r`nHost: $target`r`n`r`n" }
        $probes["proxy$number"] = @{ address = $end.host; port = $end.port; request = $connect; proxy = $proxy }
        $number++
    }
    if ($storage) { $probes.storage = @{ address = $storage.host; port = $storage.port; request = $null } }
    Set-VmbFact $Facts 'source' { Get-VmbSourceAddress $Options.wire_server }
    try { Invoke-VmbConnection @($probes.Values) }
    catch { $Facts.missing[''] = Get-VmbReason $_.Exception }
    foreach ($name in 'wire', 'host_plugin', 'imds') { Set-VmbFact $Facts $name { Select-VmbAnswer $probes[$name] } }
    Set-VmbFact $Facts 'imds_network' { Read-VmbImds $probes.imds }
    Set-VmbFact $Facts 'proxies' -List {
        for ($item = 0; $item -lt $proxies.Count; $item++) {
            $answer = Select-VmbAnswer $probes["proxy$item"]
            $answer.used_by = $proxies[$item].used_by
            $answer.target = if ($storage) { $target }
            $answer
        }
    }
    if ($storage) {
        Set-VmbFact $Facts 'storage' { Select-VmbAnswer $probes.storage }
        Set-VmbFact $Facts 'dns' { Resolve-VmbHost $storage.host }
    }
    else { $Facts.missing.storage = $Facts.missing.dns = 'no storage endpoint is given' }
    Set-VmbFact $Facts 'persistent_routes' -List {
        # Each is a value "destination,mask,gateway,metric".
        $key = Get-VmbRegistryKey 'SYSTEM\CurrentControlSet\Services\Tcpip\Parameters\PersistentRoutes'
        if ($key) { $key.Keys }
    }
}

Function Get-VmbProxyServer {
    # The proxies that programs of this machine are told to use: @{proxy; used_by}. The whole settings are in section proxy.
    $settings = 'Microsoft\Windows\CurrentVersion\Internet Settings'
    $blob = Get-VmbRegistryValue "SOFTWARE\$settings\Connections" 'WinHttpSettings'
    $found = [ordered]@{}
    $bytes = try { [Convert]::FromBase64String([string]$blob) } catch { , [byte[]]@() }
    if ($bytes.Length -ge 20 -and ($bytes[8] -band 2)) {
        $length = [BitConverter]::ToUInt32($bytes, 12)
        if ($length -gt 0 -and $length -le $bytes.Length - 16) { $found.winhttp = [System.Text.Encoding]::ASCII.GetString($bytes, 16, $length) }
    }
    foreach ($hive in 'S-1-5-18', '.DEFAULT') {
        $key = Get-VmbRegistryKey "$hive\Software\$settings" -Hive Users
        if ($key -and $key.Contains('ProxyEnable') -and $key.ProxyEnable.value -eq 1 -and $key.Contains('ProxyServer')) { $found.system_account = [string]$key.ProxyServer.value }
    }
    $servers = @{}
    foreach ($user in $found.Keys) {
        foreach ($part in $found[$user] -split '[; ]') {
            $server = Hide-VmbSecret ($part -replace '^(http|https)=' -replace '^[a-z]+://' -replace '/.*$' -replace '^[^@]*@')
            if ($server -and $server -notmatch '=') { $servers[$server] = @($servers[$server]) + $user }
        }
    }
    foreach ($server in $servers.Keys) { @{ proxy = $server; used_by = @($servers[$server] | Where-Object { $_ }) } }
}

Function Split-VmbEndpoint {
    # host, host:port or URL as @{host; port}.
    param ([string]$Endpoint, [int]$Port)
    $text = $Endpoint -replace '^[a-z]+://' -replace '/.*$'
    if ($text -match '^(?<host>.+):(?<port>\d{1,5})$') { @{ host = $Matches.host; port = [int]$Matches.port } }
    else { @{ host = $text; port = $Port } }
}

Function Select-VmbAnswer {
    # What a connection gave, as facts.
    param ([System.Collections.IDictionary]$Probe)
    $answer = @{ address = $Probe.address; port = $Probe.port; connected = $Probe.connected; error = $Probe.error; error_code = $Probe.error_code; status = $null; date = $null; body = $null }
    $text = [string]$Probe.answer
    if ($text -match '^HTTP/\d\.\d (?<status>\d{3})') { $answer.status = [int]$Matches.status }
    if ($text -match '(?im)^Date:\s*(?<date>[^\r\n]+)') { $answer.date = $Matches.date }
    $body = $text.IndexOf("`r`n`r`n")
    if ($body -ge 0) { $answer.body = Limit-VmbText $text.Substring($body + 4) 300 }
    if ($Probe.request -and $Probe.connected -and $null -eq $answer.status -and $null -eq $answer.error) { $answer.error = 'no_answer' }
    $answer
}

Function Read-VmbImds {
    # Addresses and names that the platform knows of this machine.
    param ([System.Collections.IDictionary]$Probe)
    $text = [string]$Probe.answer
    $from = $text.IndexOf('{')
    if ($text -notmatch '^HTTP/\d\.\d 200' -or $from -lt 0) { throw 'IMDS gave no instance data' }
    $instance = $text.Substring($from, $text.LastIndexOf('}') - $from + 1) | ConvertFrom-Json
    @{
        name = $instance.compute.name
        location = $instance.compute.location
        vm_id = $instance.compute.vmId
        interfaces = @($instance.network.interface | ForEach-Object {
                @{ mac = $_.macAddress; addresses = @($_.ipv4.ipAddress | ForEach-Object { $_.privateIpAddress }) }
            })
    }
}

Export-ModuleMember -Function '*-Vmb*'
