# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause

# The kind "route": routes of an adapter by one gateway, all with the metric 100. Target: adapter (its identifier), gateway.
# State: the destinations of all such routes now, and at each boot. Private to the collection.

Function Get-VmbRouteMetric { 100 }

Function Get-VmbRouteStore { [ordered]@{ now = 'ActiveStore'; boot = 'PersistentStore' } }

Function Read-VmbRoute {
    param ($Target)
    $index = (Select-VmbAdapter $Target.adapter).index
    $stores = Get-VmbRouteStore
    $state = [ordered]@{}
    foreach ($when in $stores.Keys) {
        $state[$when] = @(Get-VmbNetRoute $index $stores[$when] |
                Where-Object { $_.NextHop -eq $Target.gateway -and $_.RouteMetric -eq (Get-VmbRouteMetric) } |
                ForEach-Object { [string]$_.DestinationPrefix } | Sort-Object -Unique)
    }
    $state
}

Function New-VmbRouteState {
    # A state with the destinations as well, or without them.
    param ($State, [string[]]$Destination, [bool]$There)
    $new = [ordered]@{}
    foreach ($when in (Get-VmbRouteStore).Keys) {
        $others = @($State[$when] | Where-Object { $_ -notin $Destination })
        if ($There) { $others += $Destination }
        $new[$when] = @($others | Sort-Object -Unique)
    }
    $new
}

Function Select-VmbRoute {
    # What a state says of some destinations.
    param ($State, [string[]]$Destination)
    $said = @{}
    foreach ($when in (Get-VmbRouteStore).Keys) { $said[$when] = @($Destination | Where-Object { $_ -in $State[$when] }) }
    $said
}

Function Write-VmbRoute {
    param ($Target, $State, $Extra)
    $null = $Extra
    $link = @{ InterfaceIndex = (Select-VmbAdapter $Target.adapter).index; NextHop = $Target.gateway; ErrorAction = 'Stop' }
    $before = Read-VmbRoute $Target
    $stores = Get-VmbRouteStore
    try {
        foreach ($when in $stores.Keys) {
            $store, $wanted = $stores[$when], @($State.$when)
            $before[$when] | Where-Object { $_ -notin $wanted } |
                ForEach-Object { Remove-NetRoute @link -DestinationPrefix $_ -PolicyStore $store -Confirm:$false }
            $wanted | Where-Object { $_ -and $_ -notin $before[$when] } |
                ForEach-Object { $null = New-NetRoute @link -DestinationPrefix $_ -PolicyStore $store -RouteMetric (Get-VmbRouteMetric) }
        }
    }
    catch { throw "Cannot change the routes by '$($Target.gateway)': $(Get-VmbFault $_)" }
}

Function ConvertTo-VmbNetwork {
    # The first and the last address of an IPv4 network as numbers, and its text; nothing for what is none.
    param ([string]$Text)
    $first, $prefix = $Text -split '/', 2
    if ($null -eq $prefix) { $prefix = '32' }
    $address = $null
    if (-not [System.Net.IPAddress]::TryParse($first, [ref]$address) -or [string]$address -ne $first -or $first -match ':') { return }
    if ($prefix -notmatch '^\d{1,2}$' -or [int]$prefix -gt 32) { return }
    $number = 0L
    foreach ($byte in $address.GetAddressBytes()) { $number = 256 * $number + $byte }
    $size = [long][Math]::Pow(2, 32 - [int]$prefix)
    $start = $number - $number % $size
    @{ text = "$first/$([int]$prefix)"; first = $start; last = $start + $size - 1; exact = $number -eq $start }
}

Function Test-VmbOverlap {
    param ([System.Collections.IDictionary]$One, [System.Collections.IDictionary]$Other)
    $One.first -le $Other.last -and $Other.first -le $One.last
}

Function Resolve-VmbDestination {
    # The networks as Windows writes them, each once and in order. Throws for what is none, and for too many.
    param ([string[]]$Destination)
    $found = @(foreach ($text in $Destination) {
            $network = ConvertTo-VmbNetwork $text
            if (-not $network -or -not $network.exact) { throw "Cannot route '$text': give an IPv4 network such as 20.38.0.0/16" }
            $network
        })
    $found = @($found | Sort-Object -Property { $_.first }, { $_.last } -Unique | ForEach-Object { $_.text })
    if ($found.Count -lt 1 -or $found.Count -gt 1000) { throw "Cannot route '$($found.Count) networks': give 1 to 1,000" }
    $found
}

Function Assert-VmbRoute {
    # Throws for routes that would not work, or would take away a way that the host has. $There: the routes of the adapter now.
    param ([string[]]$Destination, [string]$Gateway, [System.Collections.IDictionary[]]$Adapter, [string]$Name, $There)
    $networks = @{}
    foreach ($one in $Adapter) {
        $networks[$one.name] = @($one.addresses | ForEach-Object { ConvertTo-VmbNetwork "$($_.address)/$($_.prefix)" })
    }
    $hop = ConvertTo-VmbNetwork $Gateway
    if (-not $hop -or $Gateway -match '/') { throw "Cannot use the gateway '$Gateway': give an IPv4 address" }
    if (-not @($networks[$Name] | Where-Object { Test-VmbOverlap $hop $_ })) { throw "Cannot use the gateway '$Gateway': no network of $Name has it" }
    $azure = @('168.63.129.16', '169.254.169.254' | ForEach-Object { ConvertTo-VmbNetwork $_ })
    # This host, loopback, link-local; multicast and what is reserved.
    $unroutable = @('0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3' | ForEach-Object { ConvertTo-VmbNetwork $_ })
    $others = @{}
    $There | Where-Object { $_.NextHop -ne $Gateway } | ForEach-Object { $others[[string]$_.DestinationPrefix] = $_.NextHop }
    foreach ($text in $Destination) {
        $network = ConvertTo-VmbNetwork $text
        $inside = @($azure | Where-Object { Test-VmbOverlap $network $_ })
        if ($inside) { throw "Cannot route '$text': $($inside[0].text -replace '/32$') of the Azure host is in it" }
        if (@($unroutable | Where-Object { Test-VmbOverlap $network $_ })) { throw "Cannot route '$text': no gateway leads to all of its addresses" }
        if (@($networks.Values | ForEach-Object { $_ } | Where-Object { $_ -and (Test-VmbOverlap $network $_) })) {
            throw "Cannot route '$text': this host has an address in it"
        }
        if ($others.Contains($text)) { throw "Cannot route '$text': it has a route by $($others[$text]) of $Name already" }
    }
}

Export-ModuleMember -Function '*-Vmb*'
