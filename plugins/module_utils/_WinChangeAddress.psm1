# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause

# The kind "dhcp": how an adapter gets its IPv4 addresses. Target: adapter (its identifier), index. State: method, addresses,
# gateways, dns; exact (the registry values that say so); kept (what else a static configuration has). Private to the collection.

Function Get-VmbAddressValue {
    # The values of an adapter's key that make it static; those that the DHCP client writes are its own.
    'EnableDHCP', 'IPAddress', 'SubnetMask', 'DefaultGateway', 'DefaultGatewayMetric', 'NameServer'
}

Function Get-VmbAddressKey {
    param ([string]$Adapter)
    "SYSTEM\CurrentControlSet\Services\Tcpip\Parameters\Interfaces\$Adapter"
}

Function Read-VmbDhcp {
    param ($Target)
    $key = Get-VmbRegistryKey (Get-VmbAddressKey $Target.adapter)
    if ($null -eq $key) { throw "Cannot read '$($Target.adapter)': the registry has no settings of this adapter" }
    $exact = @{}
    foreach ($name in Get-VmbAddressValue) { $exact[$name] = Read-VmbRegistry @{ path = Get-VmbAddressKey $Target.adapter; name = $name } }
    if ($key.Contains('EnableDHCP') -and $key.EnableDHCP.value -eq 1) { $state = New-VmbDhcpState }
    else {
        $masks = @(Get-VmbListValue $key 'SubnetMask')
        $number = 0
        $addresses = @(foreach ($address in Get-VmbListValue $key 'IPAddress') {
                "$address/$(ConvertTo-VmbPrefix $masks[$number])"
                $number++
            })
        $state = [ordered]@{ method = 'static'; addresses = $addresses; gateways = @(Get-VmbListValue $key 'DefaultGateway'); dns = '' }
        $state.kept = @(Get-VmbKept $Target.index)
    }
    if ($key.Contains('NameServer')) { $state.dns = [string]$key.NameServer.value }
    $state.exact = $exact
    $state
}

Function Get-VmbKept {
    # What the registry values do not say: addresses that are no source, routes with their metric, the adapter's own metric.
    param ([int]$Index)
    $link = @{ InterfaceIndex = $Index; AddressFamily = 'IPv4'; ErrorAction = 'Stop' }
    Get-NetIPAddress @link | Where-Object { $_.SkipAsSource } | ForEach-Object { "skip $($_.IPAddress)" }
    Get-VmbNetRoute $Index 'PersistentStore' | Where-Object { $_.NextHop -and $_.NextHop -ne '0.0.0.0' } |
        ForEach-Object { "route $($_.DestinationPrefix) $($_.NextHop) $($_.RouteMetric)" }
    Get-NetIPInterface @link | Where-Object { [string]$_.AutomaticMetric -eq 'Disabled' } | ForEach-Object { "metric $($_.InterfaceMetric)" }
}

Function Get-VmbNetRoute {
    # The IPv4 routes of an adapter: of now (ActiveStore), or those of each boot (PersistentStore).
    param ([int]$Index, [string]$Store)
    $link = @{ InterfaceIndex = $Index; AddressFamily = 'IPv4'; PolicyStore = $Store; ErrorAction = 'SilentlyContinue' }
    $routes = Get-NetRoute @link -ErrorVariable problems
    # That there is none is an error as well.
    $problems | Where-Object { $_.CategoryInfo.Category -ne 'ObjectNotFound' } | ForEach-Object { throw $_ }
    $routes
}

Function New-VmbDhcpState {
    # What the adapter is to be: address and gateway from DHCP. Name servers that are set stay: a domain may depend on them.
    param ([string]$Dns = '')
    [ordered]@{ method = 'dhcp'; addresses = @(); gateways = @(); dns = $Dns }
}

Function Get-VmbListValue {
    param ([System.Collections.IDictionary]$Key, [string]$Name)
    if ($Key.Contains($Name)) { @($Key[$Name].value | Where-Object { $_ -and $_ -ne '0.0.0.0' }) }
}

Function ConvertTo-VmbPrefix {
    # The prefix length of a mask; 32 for one that is none.
    param ([string]$Mask)
    $address = $null
    if (-not [System.Net.IPAddress]::TryParse($Mask, [ref]$address)) { return 32 }
    $bits = 0
    foreach ($part in $address.GetAddressBytes()) { while ($part) { $bits += $part -band 1; $part = $part -shr 1 } }
    $bits
}

Function Write-VmbDhcp {
    # Takes effect at once: connections over this adapter may end.
    param ($Target, $State, $Extra)
    $null = $Extra
    $link = @{ InterfaceIndex = $Target.index; AddressFamily = 'IPv4'; ErrorAction = 'Stop' }
    try {
        if ($State.method -eq 'dhcp') {
            # Windows keeps a static gateway when an adapter goes back to DHCP.
            Remove-VmbAddress $Target.index
            Set-NetIPInterface @link -Dhcp Enabled
        }
        else { Set-VmbStatic $Target.index $State $link }
        foreach ($pair in Get-VmbPair $State.exact) {
            $value = @{ path = Get-VmbAddressKey $Target.adapter; name = $pair[0] }
            $there = Read-VmbRegistry $value
            if ($there.exact -ne $pair[1].exact -or $there.type -ne $pair[1].type) { Write-VmbRegistry $value $pair[1] }
        }
    }
    catch { throw "Cannot configure '$($Target.adapter)': $(Get-VmbFault $_)" }
}

Function Remove-VmbAddress {
    param ([int]$Index)
    Remove-NetRoute -InterfaceIndex $Index -AddressFamily IPv4 -DestinationPrefix '0.0.0.0/0' -Confirm:$false -ErrorAction SilentlyContinue
    Remove-NetIPAddress -InterfaceIndex $Index -AddressFamily IPv4 -Confirm:$false -ErrorAction SilentlyContinue
}

Function Set-VmbStatic {
    param ([int]$Index, $State, [System.Collections.IDictionary]$Link)
    Set-NetIPInterface @Link -Dhcp Disabled
    Remove-VmbAddress $Index
    $kept = @($State.kept | Where-Object { $_ })
    foreach ($entry in $State.addresses) {
        $address, $prefix = $entry -split '/'
        $null = New-NetIPAddress @Link -IPAddress $address -PrefixLength $prefix -SkipAsSource ("skip $address" -in $kept)
    }
    $routes = @($kept | Where-Object { $_ -like 'route *' } | ForEach-Object { , @(-split $_) })
    $gone = @($State.gateways | Where-Object { $_ -notin @($routes | Where-Object { $_[1] -eq '0.0.0.0/0' } | ForEach-Object { $_[2] }) })
    foreach ($gateway in $gone) { $null = New-NetRoute @Link -DestinationPrefix '0.0.0.0/0' -NextHop $gateway }
    foreach ($route in $routes) {
        $there = @{ InterfaceIndex = $Index; DestinationPrefix = $route[1]; NextHop = $route[2]; ErrorAction = 'SilentlyContinue' }
        if (-not (Get-NetRoute @there)) { $null = New-NetRoute @Link -DestinationPrefix $route[1] -NextHop $route[2] -RouteMetric $route[3] }
    }
    foreach ($metric in $kept -like 'metric *') { Set-NetIPInterface @Link -AutomaticMetric Disabled -InterfaceMetric (-split $metric)[1] }
    $servers = @($State.dns -split '[,\s]+' | Where-Object { $_ })
    if ($servers) { Set-DnsClientServerAddress -InterfaceIndex $Index -ServerAddresses $servers -ErrorAction Stop }
    else { Set-DnsClientServerAddress -InterfaceIndex $Index -ResetServerAddresses -ErrorAction Stop }
}

Function Select-VmbAdapter {
    # The adapter of a name or an identifier; without one, that over which Windows reaches the platform.
    param ([string]$Name)
    $adapters = @(Get-VmbAdapter)
    if ($Name) { $found = @($adapters | Where-Object { $Name -in $_.name, $_.id }) }
    else {
        $source = (Get-VmbRoute '168.63.129.16').source
        $found = @($adapters | Where-Object { $source -in @($_.addresses | ForEach-Object { $_.address }) })
        if (-not $found) { $found = @($adapters | Where-Object { $_.up -and $_.gateways }) }
        $Name = 'the primary adapter'
    }
    if (-not $found) { throw "Cannot find '$Name': Windows has no such adapter" }
    $found[0]
}

Function Get-VmbAddress {
    # The IPv4 addresses of an adapter now, with their prefixes, without those that Windows gives itself.
    param ([string]$Adapter)
    Get-VmbAdapter | Where-Object { $_.id -eq $Adapter } | ForEach-Object { $_.addresses } |
        Where-Object { $_.address -notlike '169.254.*' } | ForEach-Object { "$($_.address)/$($_.prefix)" }
}

Function Assert-VmbNoTrial {
    # Throws while a change of the network is on trial: what it wrote may be taken back at any moment, and nothing is built on it.
    param ([string]$Folder)
    foreach ($run in Get-VmbRun $Folder) {
        $armed, $reverting = foreach ($word in 'armed', 'reverting') { Test-VmbFile ([System.IO.Path]::Combine($run.path, "guard-$word")) }
        if (($armed -or $reverting) -and -not $run.undone) {
            throw "Cannot change 'the network': the change of run '$($run.run_id)' is not confirmed yet, and is reverted unless it is; try again after that"
        }
    }
}

Export-ModuleMember -Function '*-Vmb*'
