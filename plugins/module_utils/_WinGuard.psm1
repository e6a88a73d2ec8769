# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause

# Dead-man switch: a configuration that cut the host off comes back by itself, unless it is confirmed in time. The task
# scheduler runs the watcher as SYSTEM, so that it outlives the connection that started it, and again at a boot, which ends
# the wait. Whoever writes the decision first wins. Private to the collection.

Function Start-VmbGuard {
    # Starts the watcher of a run: it makes the run's change take effect, and undoes it after $Seconds without confirmation.
    param ([System.Collections.IDictionary]$Run, [string]$Module, [int]$Seconds)
    if (Test-VmbFile "$($Run.path)\guard.json") { throw "Cannot use the run '$($Run.run_id)': it changed an adapter already; take another run_id" }
    Write-VmbJson "$($Run.path)\guard.json" @{ run_id = $Run.run_id; module = $Module; seconds = $Seconds }
    # All that the undo needs; the module's own payload is gone by then. Windows PowerShell reads a file as UTF-8 only with a mark.
    $functions = Get-Command -Name '*-Vmb*' -CommandType Function | ForEach-Object { "Function $($_.Name) {$($_.Definition)}`r`n" }
    $text = "$([char]0xFEFF)`$ErrorActionPreference = 'Stop'`r`n" + (-join $functions) + "Watch-VmbRun (Split-Path -Parent `$PSCommandPath)`r`n"
    Write-VmbFile "$($Run.path)\guard.ps1" $text
    try { Register-VmbTask "vmbackup-guard-$($Run.run_id)" "$($Run.path)\guard.ps1" }
    catch { throw "Cannot start 'the dead-man switch': $(Get-VmbFault $_)" }
}

Function Register-VmbTask {
    param ([string]$Name, [string]$Script)
    $program = "$([System.Environment]::GetFolderPath('System'))\WindowsPowerShell\v1.0\powershell.exe"
    $action = New-ScheduledTaskAction -Execute $program -Argument "-NoProfile -NonInteractive -ExecutionPolicy Bypass -File `"$Script`""
    $principal = New-ScheduledTaskPrincipal -UserId 'S-1-5-18' -LogonType ServiceAccount -RunLevel Highest
    $settings = New-ScheduledTaskSettingsSet -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries
    $trigger = New-ScheduledTaskTrigger -AtStartup
    $null = Register-ScheduledTask -TaskName $Name -Action $action -Principal $principal -Settings $settings -Trigger $trigger -Force -ErrorAction Stop
    Start-ScheduledTask -TaskName $Name -ErrorAction Stop
}

Function Watch-VmbRun {
    # Be the watcher: take effect, wait, decide.
    param ([string]$Path)
    $facts = Read-VmbJson "$Path\guard.json"
    if (-not (Test-VmbFile "$Path\guard-decision")) {
        # A note of this kind before the change is from before a boot, which nobody confirmed.
        $failure = if (Test-VmbFile "$Path\guard-begun") { 'the host was restarted' } else { Enter-VmbRun $Path $facts }
        if ($failure) { Write-VmbFile "$Path\guard-applied" "!$failure" }
        elseif (Wait-VmbNote "$Path\guard-decision" $facts.seconds) { Unregister-VmbTask $facts.run_id; return }
        if ((Set-VmbDecision $Path 'reverted') -eq 'reverted') { Undo-VmbRun $Path $facts }
    }
    Unregister-VmbTask $facts.run_id
}

Function Enter-VmbRun {
    # Makes the change take effect, once the module had time to return its result; the reason when it fails.
    param ([string]$Path, $Facts)
    [System.Threading.Thread]::Sleep(3000)
    Write-VmbFile "$Path\guard-begun" (Format-VmbTime ([DateTime]::UtcNow))
    try {
        foreach ($entry in Get-VmbEntry @{ path = $Path }) {
            if ($entry.module -eq $Facts.module) { $null = Write-VmbThing $entry.kind $entry.target $entry.after $entry.extra }
        }
        Write-VmbFile "$Path\guard-applied" ' '
    }
    catch { Get-VmbFault $_ }
}

Function Undo-VmbRun {
    param ([string]$Path, $Facts)
    $folder = [System.IO.Path]::GetDirectoryName($Path)
    $lock = Lock-VmbJournal $folder 'dead-man switch'
    try {
        $entries = @(Get-VmbEntry @{ path = $Path } | Where-Object { $_.module -eq $Facts.module })
        [array]::Reverse($entries)
        foreach ($entry in $entries) { $null = Write-VmbThing $entry.kind $entry.target $entry.before $entry.extra }
        Write-VmbFile "$Path\guard-done" ' '
    }
    catch { Write-VmbFile "$Path\guard-done" "!$(Get-VmbFault $_)" }
    finally { $lock.Dispose() }
}

Function Unregister-VmbTask {
    param ([string]$RunId)
    Unregister-ScheduledTask -TaskName "vmbackup-guard-$RunId" -Confirm:$false -ErrorAction SilentlyContinue
}

Function Set-VmbDecision {
    # Writes the decision unless there is one, and gives the one that holds.
    param ([string]$Path, [string]$Word)
    Write-VmbFile "$Path\guard-decision.$Word" $Word
    # Fails when the other side was first.
    try { [System.IO.File]::Move("$Path\guard-decision.$Word", "$Path\guard-decision") }
    catch { [System.IO.File]::Delete("$Path\guard-decision.$Word") }
    Get-VmbText "$Path\guard-decision"
}

Function Wait-VmbNote {
    # Whether a note of the other side comes within so many seconds.
    param ([string]$Path, [int]$Seconds)
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    while (-not (Test-VmbFile $Path)) {
        if ($clock.Elapsed.TotalSeconds -ge $Seconds) { return $false }
        [System.Threading.Thread]::Sleep(300)
    }
    $true
}

Export-ModuleMember -Function '*-Vmb*'
