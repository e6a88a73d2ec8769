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
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinChangeRoute

$spec = @{
    options = @{
        destinations = @{ type = 'list'; elements = 'str'; required = $true }
        gateway = @{ type = 'str' }
        interface = @{ type = 'str' }
        state = @{ type = 'str'; choices = 'present', 'absent'; default = 'present' }
    }
}
$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec, @(, (Get-VmbChangeSpec)))
$params = $module.Params

Invoke-VmbChange $module 'win_persistent_routes' {
    Assert-VmbNoTrial (Get-VmbJournalFolder $params.journal_dir)
    $destinations = @(Resolve-VmbDestination $params.destinations)
    $adapter = Select-VmbAdapter $params.interface
    $gateway = if ($params.gateway) { $params.gateway } else { @($adapter.gateways | Where-Object { $_ -notmatch ':' })[0] }
    if (-not $gateway) { throw "Cannot find the gateway of '$($adapter.name)': it has none; give gateway" }
    if ($params.state -eq 'present') {
        Assert-VmbRoute $destinations $gateway @(Get-VmbAdapter) $adapter.name @(Get-VmbNetRoute $adapter.index 'ActiveStore')
    }
    $target = [ordered]@{ adapter = $adapter.id; gateway = $gateway }
    $before = Read-VmbRoute $target
    $after = New-VmbRouteState $before $destinations ($params.state -eq 'present')
    $step = @{ kind = 'route'; title = "routes of $($adapter.name) by $gateway"; target = $target; extra = $null; before = $before; after = $after }
    $facts = @{ interface = $adapter.name; gateway = $gateway }
    @{ steps = @($step); before = Select-VmbRoute $before $destinations; after = Select-VmbRoute $after $destinations; facts = $facts; verify = $null }
}
$module.ExitJson()
