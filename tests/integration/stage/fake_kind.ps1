# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# A kind as the real ones are, whose thing is a file, and what a machine without Windows has in place of owners and access
# lists: everything belongs to SYSTEM alone, unless a file NAME.access beside a folder says otherwise.

Function Read-VmbFake {
    param ($Target)
    $state = [ordered]@{ value = (Get-VmbText $Target.path 4MB).Trim() }
    $runs = "$($Target.path).run"
    if (Test-Path $runs) { $state.running = (Get-VmbText $runs).Trim() -eq 'True' }
    $state
}
Function Write-VmbFake {
    param ($Target, $State, $Extra)
    if ($State.value -eq 'refused') { throw "Cannot write '$($Target.path)': access is denied" }
    if ($State.value -ne 'ruled by a policy') { Set-Content -LiteralPath $Target.path -Value $State.value }
    if ($State.value -eq 'half') { throw "Cannot start '$($Target.path)': it ended" }
    $running = Get-VmbRunning $State
    if ($null -ne $running) { Set-Content -LiteralPath "$($Target.path).run" -Value $running }
}
Function Get-VmbAccess {
    param ($Path)
    $said = "$Path.access"
    if (Test-Path $said) { Get-Content -Raw $said | ConvertFrom-Json } else { @{ owner = 'S-1-5-18'; allowed = @() } }
}
Function Protect-VmbFolder { param ($Path) Add-Content -LiteralPath $protected $Path }
Function Test-VmbTrusted { param ($Sid) $Sid -in 'S-1-5-18', 'S-1-5-32-544', 'S-1-3-0' }
Function Start-Change {
    param ($Value, $RunId, [switch]$Check, $Running)
    $context = @{ name = 'fake'; check = [bool]$Check; run_id = $RunId; run = $null; folder = $journal; failure = @{} }
    $after = [ordered]@{ value = $Value }
    if ($null -ne $Running) { $after.running = $Running }
    $step = @{ kind = 'fake'; target = @{ path = $thing }; title = 'the file'; after = $after }
    $step.extra = $step.apply = $null
    $plan = { @{ steps = @($step); before = 1; after = 2; facts = @{}; verify = $null } }
    try { Invoke-VmbTransaction $context $plan }
    catch { @{ error = Get-VmbFault $_; run_id = if ($context.run) { $context.run.run_id }; failure = $context.failure } }
}
Function Start-Undo {
    param ($RunId)
    $context = @{ failure = @{} }
    try {
        $run = Find-VmbRun $journal $RunId
        $things = @(Get-VmbUndo $run $context)
        Invoke-VmbUndo $run $things $context
        @{ restored = @($things | Where-Object { $_.needed } | ForEach-Object { $_.title }) }
    }
    catch { @{ error = Get-VmbFault $_; failure = $context.failure } }
}
