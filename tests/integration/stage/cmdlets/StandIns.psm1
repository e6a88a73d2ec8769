# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Stand-ins for cmdlets of Windows that a stand-in guest lacks: those of addresses, the firewall and the task scheduler. They
# do to the registry what Windows does, as far as it is documented; no address changes, no firewall acts. A task is a process.
# The parameters are those of Windows that our sources use: another one is an error.

$interfaces = 'HKLM:\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters\Interfaces'
$rules = 'HKLM:\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\FirewallRules'
$tasks = 'C:\Windows\Tasks'

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

Function Set-NetIPInterface {
    [CmdletBinding()]
    param ([int]$InterfaceIndex, [string]$AddressFamily, [ValidateSet('Enabled', 'Disabled')][string]$Dhcp)
    if ((Test-Path 'HKLM:\SOFTWARE\Stage\Faults') -and (Get-ItemProperty 'HKLM:\SOFTWARE\Stage\Faults').Dhcp -eq $Dhcp) { throw 'The DHCP client does not start' }
    Set-Value (Get-Link $InterfaceIndex) 'EnableDHCP' ([int]($Dhcp -eq 'Enabled')) 'DWord'
}

Function Remove-NetIPAddress {
    [CmdletBinding(SupportsShouldProcess)]
    param ([int]$InterfaceIndex, [string]$AddressFamily)
    foreach ($name in 'IPAddress', 'SubnetMask') { Set-Value (Get-Link $InterfaceIndex) $name @() }
}

Function New-NetIPAddress {
    [CmdletBinding()]
    param ([int]$InterfaceIndex, [string]$AddressFamily, [string]$IPAddress, [byte]$PrefixLength)
    $path = Get-Link $InterfaceIndex
    $bits = [uint32]([math]::Pow(2, 32) - [math]::Pow(2, 32 - $PrefixLength))
    $mask = (24, 16, 8, 0 | ForEach-Object { ($bits -shr $_) -band 255 }) -join '.'
    Set-Value $path 'IPAddress' ([string[]](@((Get-ItemProperty -LiteralPath $path).IPAddress) + $IPAddress | Where-Object { $_ }))
    Set-Value $path 'SubnetMask' ([string[]](@((Get-ItemProperty -LiteralPath $path).SubnetMask) + $mask | Where-Object { $_ }))
}

Function Remove-NetRoute {
    [CmdletBinding(SupportsShouldProcess)]
    param ([int]$InterfaceIndex, [string]$AddressFamily, [string]$DestinationPrefix)
    foreach ($name in 'DefaultGateway', 'DefaultGatewayMetric') { Set-Value (Get-Link $InterfaceIndex) $name @() }
}

Function New-NetRoute {
    [CmdletBinding()]
    param ([int]$InterfaceIndex, [string]$AddressFamily, [string]$DestinationPrefix, [string]$NextHop)
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

Function New-NetFirewallRule {
    [CmdletBinding()]
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
