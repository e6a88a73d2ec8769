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
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinChangeProxy

$spec = @{
    options = @{
        proxy = @{ type = 'str' }
        bypass = @{ type = 'list'; elements = 'str'; no_log = $false }
        state = @{ type = 'str'; choices = 'present', 'absent'; default = 'present' }
    }
    # Ansible would write all options to the event log as they are; they are in the result, masked.
    no_log = $true
}
$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec, @(, (Get-VmbChangeSpec)))

Invoke-VmbChange $module 'win_winhttp_proxy' {
    $params = $module.Params
    $before = Read-VmbWinHttp
    # Without a proxy the one that is set is put into the form that WinHTTP asks for.
    $named = if ($params.proxy) { $params.proxy } else { $before.proxy }
    if ($params.state -eq 'absent' -or -not $named) { $after = New-VmbProxyState }
    else {
        $entries = if ($null -ne $params.bypass) { @($params.bypass) } else { @($before.bypass) }
        $after = New-VmbProxyState (ConvertTo-VmbProxyText $named) (ConvertTo-VmbBypassText $entries $before.bypass)
    }
    $step = @{ kind = 'winhttp'; title = 'WinHTTP proxy'; before = $before; after = $after
        target = @{ place = 'machine' }; extra = @(Get-VmbMissingKey (Get-VmbProxyTarget -Bits32).path)
    }
    @{ steps = @($step); before = $before; after = $after; facts = @{}; verify = $null }
}
$module.ExitJson()
