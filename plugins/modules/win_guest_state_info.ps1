#!powershell

# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

#Requires -Module Ansible.ModuleUtils.Legacy
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinSharedHost
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinSharedEvents
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinSharedJson
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinSharedMasking
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinProbe
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinProbeSystem
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinProbeNetwork
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinProbeBackup
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinProbeExtension

# Not on Ansible.Basic: Windows compiles its C# in every run of a module, which takes longer than the probe itself.
$defaults = @{
    timeout = 15.0
    wire_server = '168.63.129.16'
    wire_port = 80
    host_plugin_port = 32526
    imds_server = '169.254.169.254'
    imds_port = 80
    storage_endpoint = ''
    cpu_sample = 0.3
}

# What waits for others (connections, programs) begins first.
$sections = 'Fabric', 'Backup', 'Agent', 'Services', 'Events', 'Dhcp', 'Identity', 'Extension', 'Proxy', 'Firewall', 'Storage', 'Load', 'Clock', 'Security', 'Dotnet', 'Wmi'
$cim = 'Load', 'Services', 'Identity', 'Dhcp', 'Firewall', 'Storage', 'Security', 'Wmi'
try {
    $options = Read-VmbOption -Given (Parse-Args $args $true) -Default $defaults
    ConvertTo-VmbJson @{ changed = $false; state = Invoke-VmbProbe -Options $options -Section $sections -Cim $cim }
}
catch { Fail-Json @{} (Hide-VmbSecret "Cannot probe this guest: $($_.Exception.Message)") }
