# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause

# Dead-man switch: a configuration that cut the host off comes back by itself, unless it is confirmed in time. The task
# scheduler runs the watcher as SYSTEM, so that it outlives the connection that started it, and starts it again, at a boot as
# well, until the old configuration is known to be back. A watcher that had to be started again does not wait. Private to the
# collection.
#
# The name of one file says how it stands, and a rename decides: the first one holds, and a full disk cannot stop it.
#
#     guard-armed -> guard-confirmed
#                 -> guard-reverting -> guard-reverted    the old configuration is back

Function Get-VmbGuardFile {
    param ([string]$Path, [string]$Name)
    [System.IO.Path]::Combine($Path, "guard$Name")
}

Function Start-VmbGuard {
    # Starts the watcher of a run: it makes the run's change take effect, and undoes it after $Seconds without confirmation.
    param ([System.Collections.IDictionary]$Run, [string]$Module, [int]$Seconds)
    $facts, $script = (Get-VmbGuardFile $Run.path '.json'), (Get-VmbGuardFile $Run.path '.ps1')
    if (Test-VmbFile $facts) { throw "Cannot use the run '$($Run.run_id)': it changed an adapter already; use another run_id" }
    Write-VmbJson $facts @{ run_id = $Run.run_id; module = $Module; seconds = $Seconds }
    # All that the undo needs; the module's own payload is gone by then. Windows PowerShell reads a file as UTF-8 only with a mark.
    $functions = Get-Command -Name '*-Vmb*' -CommandType Function | ForEach-Object { "Function $($_.Name) {$($_.Definition)}`r`n" }
    $text = "$([char]0xFEFF)`$ErrorActionPreference = 'Stop'`r`n" + (-join $functions) + "Watch-VmbRun (Split-Path -Parent `$PSCommandPath)`r`n"
    Write-VmbFile $script $text
    Write-VmbFile (Get-VmbGuardFile $Run.path '-armed') ' '
    try { Register-VmbTask "vmbackup-guard-$($Run.run_id)" $script }
    catch {
        $problem = Get-VmbFault $_
        # Nothing was changed yet.
        $null = Move-VmbGuard $Run.path 'armed' 'reverted'
        Unregister-VmbTask $Run.run_id
        throw "Cannot start 'the dead-man switch': $problem"
    }
}

Function Register-VmbTask {
    param ([string]$Name, [string]$Script)
    $program = "$([System.Environment]::GetFolderPath('System'))\WindowsPowerShell\v1.0\powershell.exe"
    $action = New-ScheduledTaskAction -Execute $program -Argument "-NoProfile -NonInteractive -ExecutionPolicy Bypass -File `"$Script`""
    $principal = New-ScheduledTaskPrincipal -UserId 'S-1-5-18' -LogonType ServiceAccount -RunLevel Highest
    # One at a time, for as long as it takes.
    $settings = New-ScheduledTaskSettingsSet -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries -MultipleInstances IgnoreNew -ExecutionTimeLimit ([TimeSpan]::Zero)
    # Every minute since long ago, so that neither a watcher that was ended nor a clock that is set back matters.
    $since, $pause, $years = [DateTime]::new(2020, 1, 1), [TimeSpan]::FromMinutes(1), [TimeSpan]::FromDays(14600)
    $minutely = New-ScheduledTaskTrigger -Once -At $since -RepetitionInterval $pause -RepetitionDuration $years
    $trigger = @((New-ScheduledTaskTrigger -AtStartup), $minutely)
    $null = Register-ScheduledTask -TaskName $Name -Action $action -Principal $principal -Settings $settings -Trigger $trigger -Force -ErrorAction Stop
    Start-ScheduledTask -TaskName $Name -ErrorAction Stop
}

Function Watch-VmbRun {
    # Be the watcher: take effect, wait, decide.
    param ([string]$Path)
    $facts = Read-VmbJson (Get-VmbGuardFile $Path '.json')
    if ((Get-VmbGuard $Path) -eq 'armed') {
        $started = Test-VmbFile (Get-VmbGuardFile $Path '-started')
        $reason = if ($started) { 'the host was restarted, or the watcher was ended' } else { Enter-VmbRun $Path $facts }
        if ((Get-VmbGuard $Path) -eq 'armed') {
            Write-VmbGuardNote $Path 'reason' $reason
            Invoke-VmbInsistently $Path { $null = Move-VmbGuard $Path 'armed' 'reverting' }
        }
    }
    if ((Get-VmbGuard $Path) -eq 'reverting') {
        Invoke-VmbInsistently $Path { Undo-VmbRun $Path $facts }
        Invoke-VmbInsistently $Path { $null = Move-VmbGuard $Path 'reverting' 'reverted' }
    }
    Unregister-VmbTask $facts.run_id
}

Function Enter-VmbRun {
    # Makes the change take effect, once the module had time to return its result, and waits until it is confirmed; the reason
    # why it is to be taken back.
    param ([string]$Path, $Facts)
    try {
        Write-VmbFile (Get-VmbGuardFile $Path '-started') ' '
        Start-VmbPause 3
        foreach ($entry in Get-VmbGuardEntry $Path $Facts) { $null = Write-VmbThing $entry.kind $entry.target $entry.after $entry.extra }
        Write-VmbFile (Get-VmbGuardFile $Path '-applied') ' '
    }
    catch { return Get-VmbFault $_ }
    $null = Wait-VmbGuard { (Get-VmbGuard $Path) -ne 'armed' } $Facts.seconds
    'it was not confirmed in time'
}

Function Undo-VmbRun {
    # Brings the old configuration back. Throws unless it is known to have worked.
    param ([string]$Path, $Facts)
    if (Test-VmbFile ([System.IO.Path]::Combine($Path, 'undone.json'))) { return }
    $lock = try { Lock-VmbJournal ([System.IO.Path]::GetDirectoryName($Path)) 'dead-man switch' 120 }
    # Whoever holds it longer changes a host that no one can reach.
    catch { $null }
    try {
        $entries = @(Get-VmbGuardEntry $Path $Facts)
        [array]::Reverse($entries)
        foreach ($entry in $entries) { $null = Write-VmbThing $entry.kind $entry.target $entry.before $entry.extra }
    }
    finally { if ($lock) { $lock.Dispose() } }
}

Function Get-VmbGuardEntry {
    # What the module did in the run, as far as its entries can be read.
    param ([string]$Path, $Facts)
    (Read-VmbEntry @{ path = $Path }).entries | Where-Object { $_.module -eq $Facts.module }
}

Function Invoke-VmbInsistently {
    # Does what must be done, however often it fails.
    param ([string]$Path, [scriptblock]$Work)
    $pause = 1
    while ($true) {
        try { return & $Work }
        catch { Write-VmbGuardNote $Path 'trouble' (Get-VmbFault $_) }
        Start-VmbPause $pause
        $pause = [Math]::Min(2 * $pause, 60)
    }
}

Function Unregister-VmbTask {
    # Where that fails, the task is started once more and tries again.
    param ([string]$RunId)
    Unregister-ScheduledTask -TaskName "vmbackup-guard-$RunId" -Confirm:$false -ErrorAction SilentlyContinue
}

Function Get-VmbGuard {
    # How a run's switch stands; nothing when it has none.
    param ([string]$Path)
    # In their order: one that moves on meanwhile is met at its next name.
    foreach ($name in 'armed', 'confirmed', 'reverting', 'reverted') { if (Test-VmbFile (Get-VmbGuardFile $Path "-$name")) { return $name } }
}

Function Move-VmbGuard {
    # Makes the decision unless there is one, and gives the one that holds.
    param ([string]$Path, [string]$From, [string]$To)
    $old, $new = (Get-VmbGuardFile $Path "-$From"), (Get-VmbGuardFile $Path "-$To")
    try { [System.IO.File]::Move($old, $new) }
    # Whoever comes second finds no file of the old name.
    catch { if (Test-VmbFile $old) { throw "Cannot write '$new': $(Get-VmbFault $_)" } }
    # The name to the disk as well, unless the other side moves it on.
    try {
        $stream = [System.IO.FileStream]::new($new, 'Open', 'ReadWrite', 'ReadWrite, Delete')
        try { $stream.Flush($true) } finally { $stream.Dispose() }
    }
    catch { $null = $_ }
    Get-VmbGuard $Path
}

Function Write-VmbGuardNote {
    # A note that is good to have; a full disk must not stop what it is about.
    param ([string]$Path, [string]$Name, [string]$Text)
    try { Write-VmbFile (Get-VmbGuardFile $Path "-$Name") $Text } catch { $null = $_ }
}

Function Get-VmbGuardNote {
    param ([string]$Path, [string]$Name)
    ([string](Get-VmbText (Get-VmbGuardFile $Path "-$Name"))).Trim()
}

Function Start-VmbPause {
    param ([double]$Seconds)
    [System.Threading.Thread]::Sleep([int](1000 * $Seconds))
}

Function Wait-VmbGuard {
    # Whether something happens within so many seconds.
    param ([scriptblock]$Happened, [int]$Seconds)
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    while (-not (& $Happened)) {
        if ($clock.Elapsed.TotalSeconds -ge $Seconds) { return $false }
        Start-VmbPause 0.3
    }
    $true
}

Export-ModuleMember -Function '*-Vmb*'
