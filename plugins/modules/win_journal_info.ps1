#!powershell

# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

#AnsibleRequires -CSharpUtil Ansible.Basic
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinSharedHost
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinSharedMasking
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinChangeJournal
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinChange

$spec = @{
    options = @{
        run_id = @{ type = 'str' }
        journal_dir = @{ type = 'path' }
    }
    supports_check_mode = $true
}
$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec)

$context = @{ run = $null; failure = @{} }
Invoke-VmbWork $module $context {
    $runs = foreach ($run in Get-VmbRun (Get-VmbJournalFolder $module.Params.journal_dir)) {
        if ($module.Params.run_id -and $run.run_id -ne $module.Params.run_id) { continue }
        $read = Read-VmbEntry $run
        @{
            run_id = $run.run_id
            created = $run.created
            undone = $run.undone
            damaged = Get-VmbDamage $run $read
            modules = @($read.entries | ForEach-Object { $_.module } | Sort-Object -Unique)
            touched = @($read.entries | ForEach-Object { @{ kind = $_.kind; names = @($_.title) } })
        }
    }
    @{ changed = $false; runs = @($runs | Where-Object { $_ }) }
}
$module.ExitJson()
