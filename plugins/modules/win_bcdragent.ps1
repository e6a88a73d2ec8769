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

$spec = @{
    options = @{
        settings = @{ type = 'dict'; default = @{} }
        state = @{ type = 'str'; choices = 'present', 'absent'; default = 'present' }
        normalize = @{ type = 'bool'; default = $false }
    }
    # Ansible would write all options to the event log as they are; they are in the result, masked.
    no_log = $true
}
$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec, @(, (Get-VmbChangeSpec)))

# The documented values with the spelling of their switches; all are texts.
$agent, $lasting = 'SOFTWARE\Microsoft\BcdrAgent', 'SOFTWARE\Microsoft\BcdrAgentPersistentKeys'
$known = [ordered]@{
    USEVSSCOPYBACKUP = @{ path = $agent; true = 'TRUE'; false = 'FALSE' }
    UseVssFullBackup = @{ path = $agent; true = 'True'; false = 'False' }
    SnapshotMethod = @{ path = $lasting; words = 'firstHostThenGuest', 'firstGuestThenHost', 'onlyHost', 'onlyGuest' }
    CalculateSnapshotTimeFromHost = @{ path = $lasting; true = 'True'; false = 'False' }
    SnapshotWithoutThreads = @{ path = $lasting; true = 'True'; false = 'False' }
}

$unclear = [ordered]@{}

Function ConvertTo-VmbBcdrText {
    # A value as the plugin reads it. Numbers and other words for a switch are what somebody wrote who meant it.
    param ([string]$Name, $Value)
    $setting = $known[$Name]
    if ($setting.words) {
        $word = @($setting.words | Where-Object { $_ -eq "$Value".Trim() })
        if ($word) { return $word[0] }
        throw "Cannot set '$Name': '$Value' is not one of $($setting.words -join ', ')"
    }
    switch -Regex ("$Value".Trim()) {
        '^(true|1|y|yes|on)$' { return $setting.true }
        '^(false|0|n|no|off)$' { return $setting.false }
    }
    throw "Cannot set '$Name': '$Value' means neither true nor false"
}

Function Get-VmbBcdrWanted {
    # Name -> text, $null for a value that goes.
    $wanted = [ordered]@{}
    if ($module.Params.normalize) {
        foreach ($name in $known.Keys) {
            $found = Get-VmbBcdrValue $name
            if (-not $found) { continue }
            # One value that nobody can guess at must not keep the others from being read.
            try { $wanted[$name] = ConvertTo-VmbBcdrText $name $found.value } catch { $unclear[$name] = Get-VmbFault $_ }
        }
    }
    foreach ($given in $module.Params.settings.Keys) {
        $name = @($known.Keys | Where-Object { $_ -eq $given })
        if (-not $name) { throw "Cannot set '$given': it is not one of $($known.Keys -join ', ')" }
        $value = $module.Params.settings[$given]
        $wanted[$name[0]] = if ($module.Params.state -eq 'present' -and $null -ne $value) { ConvertTo-VmbBcdrText $name[0] $value }
    }
    $wanted
}

Function Get-VmbBcdrValue {
    # What somebody meant to set: the value, or else the one that stands in the 32-bit view, where the plugin never looks.
    param ([string]$Name)
    foreach ($path in $known[$Name].path, ($known[$Name].path -replace '^SOFTWARE', 'SOFTWARE\WOW6432Node')) {
        $state = Read-VmbRegistry @{ path = $path; name = $Name }
        if ($state.type -ne 'absent') { return $state }
    }
}

Function Format-VmbBcdrState {
    param ($State)
    if ($State.type -eq 'absent') { return $null }
    if ($State.type -eq 'REG_SZ') { return $State.value }
    "$($State.type) $($State.value)"
}

Invoke-VmbChange $module 'win_bcdragent' {
    $wanted = Get-VmbBcdrWanted
    $before, $after, $steps = @{}, @{}, @()
    foreach ($name in $wanted.Keys) {
        $type = if ($null -ne $wanted[$name]) { 'REG_SZ' }
        $step = New-VmbRegistryStep $known[$name].path $name $type $wanted[$name]
        $step.before = Read-VmbRegistry $step.target
        # The plugin takes TRUE and True alike: what is right stays as it is.
        if ($type -and $step.before.type -eq 'REG_SZ' -and $step.before.value -eq $wanted[$name]) { $step.after = $step.before }
        $before[$name], $after[$name] = (Format-VmbBcdrState $step.before), (Format-VmbBcdrState $step.after)
        $steps += $step
    }
    @{ steps = $steps; before = $before; after = $after; facts = @{}; verify = $null }
}
foreach ($why in $unclear.Values) { $module.Warn((Hide-VmbSecret "$why. It stays as it is: set or delete it by hand.")) }
$module.ExitJson()
