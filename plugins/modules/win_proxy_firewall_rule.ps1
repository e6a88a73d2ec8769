#!powershell

# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

#AnsibleRequires -CSharpUtil Ansible.Basic
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinSharedHost
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinSharedMasking
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinChangeJournal
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinChange
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinChangeRegistry
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinChangeAddress
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinChangeFirewall

$spec = @{
    options = @{
        port = @{ type = 'int'; required = $true }
        remote_addresses = @{ type = 'list'; elements = 'str' }
        name = @{ type = 'str' }
        state = @{ type = 'str'; choices = 'present', 'absent'; default = 'present' }
    }
    required_if = @(, @('state', 'present', @('remote_addresses')))
    # Ansible would write all options to the event log as they are; they are in the result, masked.
    no_log = $true
}
$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec, @(, (Get-VmbChangeSpec)))
$params = $module.Params

Function Assert-VmbRemote {
    param ([string]$Remote)
    $first, $prefix = $Remote -split '/', 2
    $address = $null
    if ($Remote -in 'Any', 'LocalSubnet') { return }
    if (-not [System.Net.IPAddress]::TryParse($first, [ref]$address) -or ($null -ne $prefix -and $prefix -notmatch '^\d{1,3}$')) {
        throw "Cannot allow '$Remote': give an address, a network such as 10.0.0.0/16, LocalSubnet or Any"
    }
}

Invoke-VmbChange $module 'win_proxy_firewall_rule' {
    if ($params.port -lt 1 -or $params.port -gt 65535) { throw "Cannot open the port '$($params.port)': give 1 to 65535" }
    $target = @{ name = "vmbackup-proxy-$($params.port)" }
    $before = Read-VmbFirewallRule $target
    if ($before.Contains('other')) { throw "Cannot change the rule '$($target.name)': someone restricted it further by hand ($($before.other -join ', '))" }
    $after = [ordered]@{ display = '' }
    if ($params.state -eq 'present') {
        # Windows would take nobody for everyone.
        if (-not $params.remote_addresses) { throw "Cannot open the port '$($params.port)': no address or network is given" }
        foreach ($remote in $params.remote_addresses) { Assert-VmbRemote $remote }
        $display = if ($params.name) { $params.name } else { "HTTP proxy for Azure VM backup (TCP $($params.port))" }
        $after = New-VmbRuleState $display $params.port $params.remote_addresses
    }
    $step = @{ kind = 'firewallrule'; title = "firewall rule $($target.name)"; target = $target; extra = $null; before = $before; after = $after }
    @{ steps = @($step); before = $before; after = $after; facts = @{ rule = $target.name }; verify = $null }
}
$module.ExitJson()
