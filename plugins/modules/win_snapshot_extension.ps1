#!powershell

# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

#AnsibleRequires -CSharpUtil Ansible.Basic
#AnsibleRequires -CSharpUtil ansible_collections.vmbackup.azure.plugins.module_utils._WinChangeNative
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinSharedHost
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinSharedMasking
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinChangeJournal
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinChange
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinChangeRegistry
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinChangeService
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinChangeExtension

$spec = @{
    options = @{
        version = @{ type = 'str'; required = $true }
        verify_seconds = @{ type = 'int'; default = 5 }
    }
}
$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec, @(, (Get-VmbChangeSpec)))
$params = $module.Params
# The first step that is applied does the work of all.
$work = @{ steps = @(); done = $false }

Invoke-VmbChange $module 'win_snapshot_extension' {
    if ($params.version -notmatch '^\d+(\.\d+){1,3}$') { throw "Cannot reset version '$($params.version)': give it as 1.0.95.0" }
    if ($params.verify_seconds -lt 0 -or $params.verify_seconds -gt 300) { throw "Cannot wait for '$($params.verify_seconds)': give 0 to 300 seconds" }
    $steps = @(Get-VmbExtensionStep $params.version)
    foreach ($step in $steps) { $step.apply = { Write-VmbExtension $work } }
    $work.steps = $steps
    $before, $after = (Format-VmbExtension $steps 'before'), (Format-VmbExtension $steps 'after')
    $verify = if ($steps) { { Assert-VmbStaysUp @('WindowsAzureGuestAgent') $params.verify_seconds; @{} } }
    @{ steps = $steps; before = $before; after = $after; facts = @{}; verify = $verify }
}
$module.ExitJson()
