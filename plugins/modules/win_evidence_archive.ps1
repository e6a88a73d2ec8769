#!powershell

# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

#AnsibleRequires -CSharpUtil Ansible.Basic
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinSharedHost
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinSharedEvents
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinSharedJson
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinSharedMasking
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinChange
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinChangeJournal
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinEvidence
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinEvidenceArchive
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinEvidenceFacts
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinEvidenceRedact
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinEvidenceSource

$spec = @{
    options = @{
        state = @{ type = 'str'; choices = 'present', 'absent'; default = 'present' }
        name = @{ type = 'str' }
        directory = @{ type = 'path' }
        max_mib = @{ type = 'int'; default = 50 }
        max_file_mib = @{ type = 'int'; default = 10 }
        max_age_days = @{ type = 'int'; default = 14 }
        seconds = @{ type = 'int'; default = 300 }
        redact = @{ type = 'bool'; default = $true }
        collect_for = @{ type = 'str'; choices = 'diagnosis', 'support'; default = 'diagnosis' }
        documents = @{ type = 'path' }
    }
    supports_check_mode = $true
}
$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec)

[System.Diagnostics.Process]::GetCurrentProcess().PriorityClass = 'BelowNormal'
Invoke-VmbWork $module @{ run = $null; failure = @{} } { Invoke-VmbEvidence $module.Params $module.CheckMode (Get-VmbSystem) }
$module.ExitJson()
