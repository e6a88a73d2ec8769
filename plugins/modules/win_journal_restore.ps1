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
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinChangeService
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinChangeAddress
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinChangeFirewall
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinChangeRoute

$spec = @{
    options = @{
        run_id = @{ type = 'str'; required = $true }
        journal_dir = @{ type = 'path' }
    }
    supports_check_mode = $true
}
$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec)

$context = @{ run = $null; failure = @{} }
Invoke-VmbWork $module $context {
    $folder = Get-VmbJournalFolder $module.Params.journal_dir
    $run = Find-VmbRun $folder $module.Params.run_id
    $things = @(Get-VmbUndo $run $context)
    if (-not $module.CheckMode) {
        $lock = Lock-VmbJournal $folder 'win_journal_restore'
        try {
            # Another undo may have finished in between.
            $run = Find-VmbRun $folder $run.run_id
            $things = @(Get-VmbUndo $run $context)
            Invoke-VmbUndo $run $things $context
        }
        finally { $lock.Dispose() }
    }
    # Its entries are whole, and undo needs no more.
    if ($run.fault) { $module.Warn((Hide-VmbSecret $run.fault)) }
    Get-VmbUndoResult $run @($things | Where-Object { $_.needed })
}
$module.ExitJson()
