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
#AnsibleRequires -PowerShell ansible_collections.vmbackup.azure.plugins.module_utils._WinChangeGuard

$spec = @{
    options = @{
        state = @{ type = 'str'; choices = 'dhcp', 'confirmed'; default = 'dhcp' }
        interface = @{ type = 'str' }
        confirm_within = @{ type = 'int'; default = 120 }
    }
}
$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec, @(, (Get-VmbChangeSpec)))
$params = $module.Params

Function Get-VmbDhcpPlan {
    if ($params.confirm_within -lt 30 -or $params.confirm_within -gt 3600) { throw "Cannot wait for '$($params.confirm_within)': give 30 to 3600 seconds" }
    Assert-VmbNoTrial (Get-VmbJournalFolder $params.journal_dir)
    $adapter = Select-VmbAdapter $params.interface
    $target = [ordered]@{ adapter = $adapter.id; index = $adapter.index }
    $before = Read-VmbDhcp $target
    $after = New-VmbDhcpState $before.dns
    $changes = -not (Test-VmbSame $before $after)
    if ($before.addresses.Count -gt 1) {
        throw "Cannot configure '$($adapter.name)': it has several addresses, which only a static configuration can have"
    }
    $arm = { param ($run) Start-VmbGuard $run 'win_guest_dhcp' $params.confirm_within }
    $step = @{ kind = 'dhcp'; title = "adapter $($adapter.name)"; target = $target; extra = $null; before = $before; after = $after; apply = $arm }
    $facts = @{ interface = $adapter.name; confirm_required = $changes; confirm_within = if ($changes) { $params.confirm_within } else { 0 } }
    @{ steps = @($step); before = $before; after = $after; facts = $facts; verify = $null }
}

Function Confirm-VmbDhcp {
    # Keeps the new configuration of a run. Throws when it failed or is gone already.
    if (-not $params.run_id) { throw "Cannot confirm 'win_guest_dhcp': give the run_id that the change returned" }
    $run = Find-VmbRun (Get-VmbJournalFolder $params.journal_dir) $params.run_id
    $entry = @(Get-VmbEntry $run | Where-Object { $_.kind -eq 'dhcp' })
    if (-not $entry) { throw "Cannot confirm '$($run.run_id)': the run did not change an adapter" }
    $state = Get-VmbGuard $run.path
    $first = $state -eq 'armed'
    if (-not $module.CheckMode) {
        if ($first) { $state = Wait-VmbChange $run $entry[0].target.adapter }
        if ($state -eq 'reverting') {
            $null = Wait-VmbGuard { (Get-VmbGuard $run.path) -ne 'reverting' } 90
            $state = Get-VmbGuard $run.path
        }
    }
    if (Test-VmbFile ([System.IO.Path]::Combine($run.path, 'undone.json'))) {
        throw "Cannot confirm '$($run.run_id)': the old configuration is back: the run was undone"
    }
    if ($state -notin 'armed', 'confirmed') { throw "Cannot confirm '$($run.run_id)': $(Get-VmbOutcome $run.path $state)" }
    @{ changed = $first; compliant = -not $first; run_id = $run.run_id; journal = $run.path; confirm_required = $false
        interface = $entry[0].title -replace '^adapter '; addresses = @(Get-VmbAddress $entry[0].target.adapter)
    }
}

Function Wait-VmbChange {
    # Confirms once the change has taken effect and brought an address, and gives the state that holds.
    param ([System.Collections.IDictionary]$Run, [string]$Adapter)
    $applied = Get-VmbGuardFile $Run.path '-applied'
    if (-not (Wait-VmbGuard { (Test-VmbFile $applied) -or (Get-VmbGuard $Run.path) -ne 'armed' } 90)) {
        throw "Cannot confirm '$($Run.run_id)': the new configuration has not taken effect yet"
    }
    if ((Get-VmbGuard $Run.path) -eq 'armed' -and -not @(Get-VmbAddress $Adapter)) { throw "Cannot confirm '$($Run.run_id)': the adapter has no IPv4 address" }
    Move-VmbGuard $Run.path 'armed' 'confirmed'
}

Function Get-VmbOutcome {
    # What became of a change that can no longer be confirmed: what was done, not what was decided.
    param ([string]$Path, [string]$State)
    if (-not $State) { return 'it did not come to the change' }
    if ($State -eq 'reverted') {
        $reason = Get-VmbGuardNote $Path 'reason'
        if (-not $reason) { $reason = 'it was not confirmed in time' }
        return "the old configuration is back: $reason"
    }
    $trouble = Get-VmbGuardNote $Path 'trouble'
    if ($trouble) { "the old configuration is not back yet: $trouble" } else { 'the old configuration is not back yet' }
}

if ($params.state -eq 'dhcp') { Invoke-VmbChange $module 'win_guest_dhcp' { Get-VmbDhcpPlan } }
else { Invoke-VmbWork $module @{ run = $null; failure = @{} } { Confirm-VmbDhcp } }
$module.ExitJson()
