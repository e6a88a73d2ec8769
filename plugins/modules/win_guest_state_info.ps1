#!powershell

# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

#AnsibleRequires -CSharpUtil Ansible.Basic
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinHost
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinProbe
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinSystem
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinNetwork
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinBackup

$spec = @{
    options = @{
        timeout = @{ type = 'float'; default = 15.0 }
        wire_server = @{ type = 'str'; default = '168.63.129.16' }
        wire_port = @{ type = 'int'; default = 80 }
        host_plugin_port = @{ type = 'int'; default = 32526 }
        imds_server = @{ type = 'str'; default = '169.254.169.254' }
        imds_port = @{ type = 'int'; default = 80 }
        storage_endpoint = @{ type = 'str' }
        cpu_sample = @{ type = 'float'; default = 0.3 }
    }
    supports_check_mode = $true
}
$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec)

# What waits for others (connections, programs) begins first.
$sections = 'Fabric', 'Backup', 'Agent', 'Services', 'Events', 'Dhcp', 'Identity', 'Extension', 'Proxy', 'Firewall', 'Storage', 'Load', 'Clock', 'Security', 'Dotnet', 'Wmi'
$cim = 'Load', 'Services', 'Identity', 'Dhcp', 'Firewall', 'Storage', 'Security', 'Wmi'
$module.Result.state = Invoke-VmbProbe -Options $module.Params -Section $sections -Cim $cim
$module.ExitJson()
