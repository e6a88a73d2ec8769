# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause

# The kind "firewallrule": a rule of the Windows firewall that lets TCP connections in. Target: name. State: what it says,
# without a name when there is no rule. Private to the collection.

Function New-VmbRuleState {
    param ([string]$Display, [string]$Ports, [string[]]$Remote, [bool]$Enabled = $true)
    $remote = @($Remote | ForEach-Object { ConvertTo-VmbRemote $_ } | Sort-Object -Unique)
    [ordered]@{ display = $Display; enabled = $Enabled; direction = 'In'; action = 'Allow'; protocol = 'TCP'; ports = $Ports; remote = $remote }
}

Function ConvertTo-VmbRemote {
    # A remote address as Windows stores it, with a prefix length for a mask.
    param ([string]$Remote)
    if ($Remote -match '^(?<net>[0-9.]+)/(?<mask>\d+\.\d+\.\d+\.\d+)$') { return "$($Matches.net)/$(ConvertTo-VmbPrefix $Matches.mask)" -replace '/32$' }
    $Remote -replace '(?<=\d\.\d+)/32$'
}

Function Read-VmbFirewallRule {
    # Windows keeps its rules in the registry in a form of its own, the same in every language.
    param ($Target)
    $path = 'SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\FirewallRules'
    $rules = Get-VmbRegistryKey $path
    if (-not $rules -or -not $rules.Contains($Target.name)) { return [ordered]@{ display = '' } }
    $fields = @{ remote = @(); other = @() }
    foreach ($field in ([string]$rules[$Target.name].value).Split('|')) {
        $word, $value = $field -split '=', 2
        switch -Regex ($word) {
            '^(RA4|RA6|RA42|RA62)$' { $fields.remote += $value; break }
            '^(Action|Active|Dir|Protocol|LPort|Name)$' { $fields[$word] = $value; break }
            '^(v\d.*|Desc|EmbedCtxt|)$' { break }
            default { $fields.other += $word }
        }
    }
    $remote = if ($fields.remote) { $fields.remote } else { @('Any') }
    $state = New-VmbRuleState ([string]$fields['Name']) ([string]$fields['LPort']) $remote ($fields['Active'] -eq 'TRUE')
    $state.direction = [string]$fields['Dir']
    $state.action = [string]$fields['Action']
    if ($fields['Protocol'] -ne '6') { $state.protocol = [string]$fields['Protocol'] }
    # What it says beside, which a rule that this collection makes does not.
    if ($fields.other) { $state.other = @($fields.other | Sort-Object -Unique) }
    $state
}

Function Write-VmbFirewallRule {
    param ($Target, $State, $Extra)
    $null = $Extra
    $rule = @{ Name = $Target.name; ErrorAction = 'Stop' }
    $direction = if ($State.direction -eq 'Out') { 'Outbound' } else { 'Inbound' }
    $says = @{ Direction = $direction; Action = $State.action; Protocol = $State.protocol; LocalPort = @($State.ports -split ',')
        RemoteAddress = @($State.remote); Profile = 'Any'; Enabled = [string]$State.enabled
    }
    try {
        $there = [bool](Read-VmbFirewallRule $Target).display
        if (-not $State.display) { if ($there) { Remove-NetFirewallRule @rule } }
        # In its place: a rule that is removed and made anew lets nobody in meanwhile.
        elseif ($there) { Set-NetFirewallRule @rule -NewDisplayName $State.display @says }
        else { $null = New-NetFirewallRule @rule -DisplayName $State.display @says }
    }
    catch { throw "Cannot change the rule '$($Target.name)': $(Get-VmbFault $_)" }
}

Export-ModuleMember -Function '*-Vmb*'
