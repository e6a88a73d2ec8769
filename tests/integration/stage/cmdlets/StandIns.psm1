# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Stand-ins for cmdlets of Windows that a stand-in guest lacks: those of addresses, the firewall and the task scheduler. They
# do to the registry what Windows does, as far as it is documented; no address changes, no firewall acts. A task is a process.
# The parameters are those of Windows that our sources use: another one is an error.

$interfaces = 'HKLM:\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters\Interfaces'
$rules = 'HKLM:\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\FirewallRules'
$tasks = 'C:\Windows\Tasks'
# What Windows keeps in a form of its own: addresses that are no source, persistent routes, an adapter's metric. A change of the
# addresses loses all of it here.
$net = 'HKLM:\SOFTWARE\Stage\Net'

Function Get-Link {
    # The settings of an adapter by its index. A guest has one adapter.
    param ([int]$Index)
    $links = @([System.Net.NetworkInformation.NetworkInterface]::GetAllNetworkInterfaces() |
            Where-Object { $_.NetworkInterfaceType -ne 'Loopback' -and $_.GetIPProperties().GetIPv4Properties().Index -eq $Index })
    if (-not $links) { throw "No adapter has the index $Index" }
    "$interfaces\$($links[0].Id)"
}

Function Set-Value {
    param ([string]$Path, [string]$Name, $Value, [string]$Type = 'MultiString')
    $null = New-ItemProperty -LiteralPath $Path -Name $Name -Value $Value -PropertyType $Type -Force
}

Function Get-Kept {
    param ([string]$Name)
    if (Test-Path $net) { @((Get-ItemProperty -LiteralPath $net).$Name | Where-Object { $_ }) }
}

Function Set-Kept {
    param ([string]$Name, $Value, [string]$Type = 'MultiString')
    if (Test-Path $net) { Set-Value $net $Name $Value $Type }
}

Function Get-NetIPInterface {
    [CmdletBinding()]
    param ([int]$InterfaceIndex, [string]$AddressFamily)
    $metric = [int](Get-Kept 'Metric')
    @{ AutomaticMetric = if ($metric) { 'Disabled' } else { 'Enabled' }; InterfaceMetric = if ($metric) { $metric } else { 15 } }
}

Function Set-NetIPInterface {
    [CmdletBinding()]
    param ([int]$InterfaceIndex, [string]$AddressFamily, [ValidateSet('Enabled', 'Disabled')][string]$Dhcp,
        [ValidateSet('Enabled', 'Disabled')][string]$AutomaticMetric, [uint32]$InterfaceMetric)
    if ($AutomaticMetric) { Set-Kept 'Metric' ([int]$InterfaceMetric) 'DWord' }
    if (-not $Dhcp) { return }
    if ((Test-Path 'HKLM:\SOFTWARE\Stage\Faults') -and (Get-ItemProperty 'HKLM:\SOFTWARE\Stage\Faults').Dhcp -eq $Dhcp) { throw 'The DHCP client does not start' }
    Set-Value (Get-Link $InterfaceIndex) 'EnableDHCP' ([int]($Dhcp -eq 'Enabled')) 'DWord'
    Set-Kept 'Metric' 0 'DWord'
}

Function Get-NetIPAddress {
    [CmdletBinding()]
    param ([int]$InterfaceIndex, [string]$AddressFamily)
    foreach ($address in (Get-ItemProperty -LiteralPath (Get-Link $InterfaceIndex)).IPAddress) {
        @{ IPAddress = $address; SkipAsSource = $address -in (Get-Kept 'Skip') }
    }
}

Function Remove-NetIPAddress {
    [CmdletBinding(SupportsShouldProcess)]
    param ([int]$InterfaceIndex, [string]$AddressFamily)
    foreach ($name in 'IPAddress', 'SubnetMask') { Set-Value (Get-Link $InterfaceIndex) $name @() }
    foreach ($name in 'Skip', 'Routes') { Set-Kept $name ([string[]]@()) }
}

Function New-NetIPAddress {
    [CmdletBinding()]
    param ([int]$InterfaceIndex, [string]$AddressFamily, [string]$IPAddress, [byte]$PrefixLength, [bool]$SkipAsSource)
    $path = Get-Link $InterfaceIndex
    $bits = [uint32]([math]::Pow(2, 32) - [math]::Pow(2, 32 - $PrefixLength))
    $mask = (24, 16, 8, 0 | ForEach-Object { ($bits -shr $_) -band 255 }) -join '.'
    Set-Value $path 'IPAddress' ([string[]](@((Get-ItemProperty -LiteralPath $path).IPAddress) + $IPAddress | Where-Object { $_ }))
    Set-Value $path 'SubnetMask' ([string[]](@((Get-ItemProperty -LiteralPath $path).SubnetMask) + $mask | Where-Object { $_ }))
    if ($SkipAsSource) { Set-Kept 'Skip' ([string[]](@(Get-Kept 'Skip') + $IPAddress)) }
}

Function Get-Store {
    # Where routes are kept. Without a store the persistent one is meant.
    param ([string]$PolicyStore)
    if ($PolicyStore -eq 'ActiveStore') { 'ActiveRoutes' } else { 'Routes' }
}

Function Get-NetRoute {
    [CmdletBinding()]
    param ([int]$InterfaceIndex, [string]$AddressFamily, [string]$PolicyStore, [string]$DestinationPrefix, [string]$NextHop)
    foreach ($line in Get-Kept (Get-Store $PolicyStore)) {
        $prefix, $hop, $metric = -split $line
        if ($DestinationPrefix -in '', $prefix -and $NextHop -in '', $hop) { @{ DestinationPrefix = $prefix; NextHop = $hop; RouteMetric = [int]$metric } }
    }
}

Function Remove-NetRoute {
    [CmdletBinding(SupportsShouldProcess)]
    param ([int]$InterfaceIndex, [string]$AddressFamily, [string]$DestinationPrefix, [string]$NextHop, [string]$PolicyStore)
    if ($PolicyStore) {
        $name = Get-Store $PolicyStore
        Set-Kept $name ([string[]]@(Get-Kept $name | Where-Object { $_ -notlike "$DestinationPrefix $NextHop *" }))
        return
    }
    Set-Kept 'Routes' ([string[]]@(Get-Kept 'Routes' | Where-Object { $_ -notlike "$DestinationPrefix *" }))
    foreach ($name in 'DefaultGateway', 'DefaultGatewayMetric') { Set-Value (Get-Link $InterfaceIndex) $name @() }
}

Function New-NetRoute {
    [CmdletBinding()]
    param ([int]$InterfaceIndex, [string]$AddressFamily, [string]$DestinationPrefix, [string]$NextHop, [uint16]$RouteMetric = 256, [string]$PolicyStore)
    $name = Get-Store $PolicyStore
    if ("$DestinationPrefix $NextHop" -in (Get-Kept $name | ForEach-Object { $_ -replace ' \d+$' })) { throw 'Instance MSFT_NetRoute already exists' }
    Set-Kept $name ([string[]](@(Get-Kept $name) + "$DestinationPrefix $NextHop $RouteMetric"))
    if ($DestinationPrefix -ne '0.0.0.0/0') { return }
    $path = Get-Link $InterfaceIndex
    Set-Value $path 'DefaultGateway' ([string[]]@($NextHop))
    Set-Value $path 'DefaultGatewayMetric' ([string[]]@('256'))
}

Function Set-DnsClientServerAddress {
    [CmdletBinding()]
    param ([int]$InterfaceIndex, [switch]$ResetServerAddresses, [string[]]$ServerAddresses)
    $null = $ResetServerAddresses
    Set-Value (Get-Link $InterfaceIndex) 'NameServer' ($ServerAddresses -join ',') 'String'
}

Function Write-Rule {
    param ([string]$Name, [string]$DisplayName, [string]$Direction, [string]$Action, [string]$Protocol, [string[]]$LocalPort,
        [string[]]$RemoteAddress, [string]$Profile, [string]$Enabled)
    if ($Direction -ne 'Inbound' -or $Protocol -ne 'TCP' -or $Profile -ne 'Any') { throw 'Only what the tests need' }
    $remote = foreach ($one in $RemoteAddress) {
        $net, $prefix = $one -split '/'
        if ($one -eq 'Any') { continue }
        if ($prefix -and $net -notmatch ':') {
            $bits = [uint32]([math]::Pow(2, 32) - [math]::Pow(2, 32 - [int]$prefix))
            $one = "$net/" + ((24, 16, 8, 0 | ForEach-Object { ($bits -shr $_) -band 255 }) -join '.')
        }
        if ($one -eq 'LocalSubnet') { 'RA4=LocalSubnet'; 'RA6=LocalSubnet' }
        elseif ($net -match ':') { "RA6=$one" }
        else { "RA4=$one" }
    }
    $fields = @('v2.31', "Action=$Action", "Active=$($Enabled.ToUpperInvariant())", 'Dir=In', 'Protocol=6') + @($LocalPort | ForEach-Object { "LPort=$_" }) +
        @($remote | Where-Object { $_ }) + "Name=$DisplayName"
    Set-Value $rules $Name (($fields -join '|') + '|') 'String'
}

Function New-NetFirewallRule {
    [CmdletBinding()]
    param ([string]$Name, [string]$DisplayName, [string]$Direction, [string]$Action, [string]$Protocol, [string[]]$LocalPort,
        [string[]]$RemoteAddress, [string]$Profile, [string]$Enabled)
    if ((Test-Path 'HKLM:\SOFTWARE\Stage\Faults') -and (Get-ItemProperty 'HKLM:\SOFTWARE\Stage\Faults').Rule) { throw 'There is no room for a rule' }
    $null = $PSBoundParameters.Remove('ErrorAction')
    Write-Rule @PSBoundParameters
}

Function Set-NetFirewallRule {
    [CmdletBinding()]
    param ([string]$Name, [string]$NewDisplayName, [string]$Direction, [string]$Action, [string]$Protocol, [string[]]$LocalPort,
        [string[]]$RemoteAddress, [string]$Profile, [string]$Enabled)
    if (-not (Get-ItemProperty -LiteralPath $rules).$Name) { throw 'There is no such rule' }
    foreach ($other in 'ErrorAction', 'NewDisplayName') { $null = $PSBoundParameters.Remove($other) }
    Write-Rule @PSBoundParameters -DisplayName $NewDisplayName
}

Function Remove-NetFirewallRule {
    [CmdletBinding()]
    param ([string]$Name)
    Remove-ItemProperty -LiteralPath $rules -Name $Name
}

Function New-ScheduledTaskAction { param ([string]$Execute, [string]$Argument) @{ execute = $Execute; argument = $Argument } }
Function New-ScheduledTaskPrincipal { param ([string]$UserId, [string]$LogonType, [string]$RunLevel) @{ user = $UserId; logon = $LogonType; level = $RunLevel } }
Function New-ScheduledTaskSettingsSet {
    param ([switch]$AllowStartIfOnBatteries, [switch]$DontStopIfGoingOnBatteries, [string]$MultipleInstances, [TimeSpan]$ExecutionTimeLimit)
    @{ a = $AllowStartIfOnBatteries; d = $DontStopIfGoingOnBatteries; m = $MultipleInstances; e = $ExecutionTimeLimit }
}
Function New-ScheduledTaskTrigger {
    param ([switch]$AtStartup, [switch]$Once, [DateTime]$At, [TimeSpan]$RepetitionInterval, [TimeSpan]$RepetitionDuration)
    @{ startup = $AtStartup; once = $Once; at = $At; every = $RepetitionInterval; within = $RepetitionDuration }
}

Function Register-ScheduledTask {
    [CmdletBinding()]
    param ([string]$TaskName, $Action, $Principal, $Settings, $Trigger, [switch]$Force)
    if ($Principal.user -ne 'S-1-5-18') { throw 'Only SYSTEM has no password' }
    $null = New-Item -ItemType Directory -Path $tasks -Force
    Set-Content -LiteralPath "$tasks\$TaskName" -Value $Action.execute, $Action.argument
}

Function Start-ScheduledTask {
    [CmdletBinding()]
    param ([string]$TaskName)
    $program, $arguments = Get-Content -LiteralPath "$tasks\$TaskName"
    # A file for its output: a pipe that it inherits would keep whoever reads it waiting.
    $null = Start-Process -FilePath $program -ArgumentList $arguments -RedirectStandardOutput "$tasks\$TaskName.out" -RedirectStandardError "$tasks\$TaskName.err"
}

Function Unregister-ScheduledTask {
    [CmdletBinding(SupportsShouldProcess)]
    param ([string]$TaskName)
    Remove-Item -LiteralPath "$tasks\$TaskName"
}

Export-ModuleMember -Function '*-Net*', '*-DnsClientServerAddress', '*-ScheduledTask*'
