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

# "start" is what a service must have; "unless_disabled" what it gets back when it is disabled, and is otherwise left alone.
$agents = 'RdAgent', 'WindowsAzureGuestAgent'
$wanted = [ordered]@{
    RdAgent = @{ start = 'automatic' }
    WindowsAzureGuestAgent = @{ start = 'automatic' }
    IaasVmProvider = @{ start = 'automatic' }
    VSS = @{ unless_disabled = 'manual' }
    swprv = @{ unless_disabled = 'manual' }
    EventSystem = @{ unless_disabled = 'automatic' }
    COMSysApp = @{ unless_disabled = 'manual' }
    MSDTC = @{ unless_disabled = 'automatic'; account = 'NT AUTHORITY\NetworkService'; sid = 'S-1-5-20' }
    KeyIso = @{ unless_disabled = 'manual' }
    msiserver = @{ unless_disabled = 'manual' }
}
$restart = 'restart/60000 restart/60000 restart/60000 reset 86400'

$spec = @{
    options = @{
        services = @{ type = 'list'; elements = 'str'; choices = @($wanted.Keys); default = @($wanted.Keys) }
        started = @{ type = 'list'; elements = 'str'; choices = @($wanted.Keys); default = @() }
        recovery = @{ type = 'list'; elements = 'str'; choices = $agents; default = $agents }
        restarted = @{ type = 'bool'; default = $false }
        verify_seconds = @{ type = 'int'; default = 5 }
    }
}
$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec, @(, (Get-VmbChangeSpec)))
$params = $module.Params

Function Get-VmbWantedState {
    # The state that a service has now, with what is wrong about it put right.
    param ([string]$Name, $Now)
    $state = [ordered]@{}
    # "exact" is for what comes back byte for byte.
    foreach ($property in $Now.Keys) { if ($property -ne 'exact') { $state[$property] = $Now[$property] } }
    $rule = $wanted[$Name]
    if ($Name -in $params.services) {
        if ($rule.start) { $state.start = $rule.start }
        elseif ($Now.start -eq 'disabled') { $state.start = $rule.unless_disabled }
        if ($rule.account) { $state.account = Get-VmbWantedAccount $Name $Now.account }
    }
    if ($Name -in $params.recovery -and $Now.recovery -notmatch 'restart/') { $state.recovery = $restart }
    if ($Name -in $params.started -or ($Name -in $agents -and $Name -in $params.services)) { $state.running = $true }
    $state
}

Function Get-VmbWantedAccount {
    param ([string]$Name, [string]$Account)
    $sid = if ($Account -eq 'LocalSystem') { 'S-1-5-18' } else { try { Get-VmbSid $Account } catch { '' } }
    if ($sid -eq $wanted[$Name].sid) { return $Account }
    # An account with a password could never be brought back.
    if ($sid -notin 'S-1-5-18', 'S-1-5-19' -and $sid -notlike 'S-1-5-80-*') {
        throw "Cannot configure '$Name': undo could not restore the password of its account $Account; set $($wanted[$Name].account) by hand"
    }
    $wanted[$Name].account
}

Function Test-VmbFit {
    # Whether the service is there to be changed. Throws for one that has to be there, or that no start can help.
    param ([string]$Name, $Now)
    if ($Now.start -eq 'absent') {
        if ($Name -in $agents) { throw "Cannot start '$Name': it does not exist; install the agent" }
        if ($Name -in $params.started) { throw "Cannot start '$Name': it does not exist" }
        return $false
    }
    $controller = Get-VmbController $Name
    if ($Name -in $agents -and $controller -and [string]$controller.Status -in 'StopPending', 'PausePending', 'Paused') {
        throw "Cannot start '$Name': it is stuck in $($controller.Status); reboot the host, or end its process"
    }
    $true
}

Invoke-VmbChange $module 'win_backup_services' {
    if ($params.verify_seconds -lt 0 -or $params.verify_seconds -gt 300) { throw "Cannot wait for '$($params.verify_seconds)': give 0 to 300 seconds" }
    $before, $after, $steps = @{}, @{}, @()
    $names = @($wanted.Keys | Where-Object { $_ -in @($params.services) + @($params.started) + @($params.recovery) })
    foreach ($name in $names) {
        $target = @{ name = $name }
        $before[$name] = $after[$name] = Read-VmbService $target
        if (-not (Test-VmbFit $name $before[$name])) { continue }
        $after[$name] = Get-VmbWantedState $name $before[$name]
        $steps += @{ kind = 'service'; target = $target; title = "service $name"; extra = $null; before = $before[$name]; after = $after[$name] }
    }
    $verify = {
        if ($params.restarted) { Invoke-VmbStopped 'WindowsAzureGuestAgent', 'RdAgent' { } }
        $up = @($agents | Where-Object { $params.restarted -or $_ -in $params.services }) + @($params.started)
        if ($up) { Assert-VmbStaysUp $up $params.verify_seconds }
        @{}
    }
    $facts = if ($params.restarted) { @{ changed = $true } } else { @{} }
    @{ steps = $steps; before = $before; after = $after; facts = $facts; verify = $verify }
}
$module.ExitJson()
