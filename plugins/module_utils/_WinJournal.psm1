# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause

# The record that makes every change undoable: on the disk before the change happens. Private to the collection.
#
# <journal>\lock                 the one writer's lock
# <journal>\<run id>\run.json    order and time of the run
# <journal>\<run id>\0001.json   one entry a touched thing, in order: what it was, what the run made of it
# <journal>\<run id>\undone.json present once the run was undone

Function Get-VmbJournalFolder {
    param ([string]$Path)
    if ($Path) { return $Path }
    [System.IO.Path]::Combine([System.Environment]::GetFolderPath('CommonApplicationData'), 'vmbackup', 'journal')
}

Function Initialize-VmbJournal {
    # Creates the journal, or makes sure that only SYSTEM and administrators can read and write it.
    param ([string]$Folder)
    $parent = [System.IO.Path]::GetDirectoryName($Folder)
    foreach ($path in @($parent, $Folder)) {
        $is_ours = $path -eq $Folder -or [System.IO.Path]::GetFileName($path) -eq 'vmbackup'
        if ([System.IO.Directory]::Exists($path)) {
            if ($is_ours) { Assert-VmbOwner $path }
        }
        else { $null = [System.IO.Directory]::CreateDirectory($path) }
        if ($is_ours) { Protect-VmbFolder $path }
    }
}

Function Assert-VmbOwner {
    # Anybody may create folders in ProgramData: one that was laid there for us is no place for a journal.
    param ([string]$Path)
    $owner = [System.Security.AccessControl.DirectorySecurity]::new($Path, 'Owner').GetOwner([System.Security.Principal.SecurityIdentifier])
    $own = [System.Security.Principal.WindowsIdentity]::GetCurrent().User
    if ($null -ne $owner -and $owner.Value -notin 'S-1-5-18', 'S-1-5-32-544', $own.Value) {
        throw "Cannot use the journal '$Path': $($owner.Value) owns it, who is neither SYSTEM nor an administrator"
    }
}

Function Protect-VmbFolder {
    param ([string]$Path)
    $wanted = 'O:BAD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)'
    $security = [System.Security.AccessControl.DirectorySecurity]::new()
    $security.SetSecurityDescriptorSddlForm($wanted)
    try { Set-Acl -LiteralPath $Path -AclObject $security -ErrorAction Stop }
    catch { throw "Cannot protect '$Path': $(Get-VmbFault $_)" }
}

Function Lock-VmbJournal {
    # The open file that is the lock; Windows lets it go when the process ends, however that happens.
    param ([string]$Folder, [string]$Purpose, [int]$Seconds = 60)
    $path = [System.IO.Path]::Combine($Folder, 'lock')
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    while ($true) {
        try {
            $lock = [System.IO.FileStream]::new($path, 'OpenOrCreate', 'ReadWrite', 'Read')
            break
        }
        catch {
            if ($clock.Elapsed.TotalSeconds -ge $Seconds) {
                throw "Cannot lock '$path': $(Get-VmbLockHolder $path) is changing this host"
            }
            [System.Threading.Thread]::Sleep(100)
        }
    }
    $holder = [System.Text.Encoding]::UTF8.GetBytes("process $PID ($Purpose)")
    $lock.SetLength(0)
    $lock.Write($holder, 0, $holder.Length)
    $lock.Flush()
    $lock
}

Function Get-VmbLockHolder {
    param ([string]$Path)
    $text = try { Get-VmbText $Path } catch { '' }
    if ($text) { $text } else { 'another process' }
}

Function Write-VmbFile {
    # Writes a file of the journal in one piece; returns when it is on the disk.
    param ([string]$Path, [string]$Text)
    $part = "$Path.part"
    $bytes = [System.Text.Encoding]::UTF8.GetBytes($Text)
    try {
        $stream = [System.IO.FileStream]::new($part, 'Create', 'Write', 'None', 4096, 'WriteThrough')
        try {
            $stream.Write($bytes, 0, $bytes.Length)
            $stream.Flush($true)
        }
        finally { $stream.Dispose() }
        if ([System.IO.File]::Exists($Path)) { [System.IO.File]::Replace($part, $Path, [NullString]::Value) }
        else { [System.IO.File]::Move($part, $Path) }
    }
    catch { throw "Cannot write '$Path': $(Get-VmbFault $_)" }
}

Function Write-VmbJson {
    param ([string]$Path, [System.Collections.IDictionary]$Facts)
    $Facts.schema = 1
    Write-VmbFile $Path (ConvertTo-Json -InputObject $Facts -Depth 8)
}

Function Read-VmbJson {
    param ([string]$Path)
    try { Get-VmbText $Path | ConvertFrom-Json -ErrorAction Stop }
    catch { throw "Cannot read '$Path': it is damaged" }
}

Function Get-VmbRun {
    # The complete runs of a journal, newest first.
    param ([string]$Folder)
    $found = foreach ($entry in Get-VmbFolder $Folder) {
        $path = [System.IO.Path]::Combine($Folder, $entry.name)
        $about = [System.IO.Path]::Combine($path, 'run.json')
        # A run that was killed while it was made holds no entry yet.
        if (-not $entry.folder -or -not (Test-VmbFile $about)) { continue }
        try { $facts = Read-VmbJson $about } catch { continue }
        @{ run_id = $entry.name; path = $path; order = [int]$facts.order; created = Format-VmbTime $facts.created
            undone = Test-VmbFile ([System.IO.Path]::Combine($path, 'undone.json'))
        }
    }
    $found | Sort-Object -Property { $_.order } -Descending
}

Function Find-VmbRun {
    # A run by its id; "latest" is the newest one that was not undone yet.
    param ([string]$Folder, [string]$RunId)
    $found = @(Get-VmbRun $Folder | Where-Object { if ($RunId -eq 'latest') { -not $_.undone } else { $_.run_id -eq $RunId } })
    if (-not $found) { throw "Cannot find the run '$RunId': the journal '$Folder' has none" }
    $found[0]
}

Function Assert-VmbRunId {
    param ([string]$RunId)
    if ($RunId -notmatch '\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z' -or $RunId -in 'latest', 'lock' -or $RunId.EndsWith('.')) {
        throw "Cannot use the run id '$RunId': only letters, digits, '.', '_' and '-' (64 at most)"
    }
    # Names of devices since DOS, with any ending.
    if ($RunId -match '\A(con|prn|aux|nul|com\d|lpt\d)(\.|\z)') { throw "Cannot use the run id '$RunId': Windows keeps this name for a device" }
}

Function Open-VmbRun {
    # The run to add entries to, made if needed; only for the holder of the lock.
    param ([string]$Folder, [string]$RunId)
    $runs = @(Get-VmbRun $Folder)
    $known = @($runs | Where-Object { $_.run_id -eq $RunId })
    if ($known) { return $known[0] }
    Limit-VmbJournal $Folder $runs
    $order = 1
    if ($runs) { $order = $runs[0].order + 1 }
    $created = Format-VmbTime ([DateTime]::UtcNow)
    $path = [System.IO.Path]::Combine($Folder, $RunId)
    $null = [System.IO.Directory]::CreateDirectory($path)
    Write-VmbJson ([System.IO.Path]::Combine($path, 'run.json')) @{ created = $created; order = $order }
    @{ run_id = $RunId; path = $path; order = $order; created = $created; undone = $false }
}

Function New-VmbRunId {
    $now = [DateTime]::UtcNow.ToString('yyyyMMddTHHmmssZ', [System.Globalization.CultureInfo]::InvariantCulture)
    '{0}-{1}' -f $now, [guid]::NewGuid().ToString('N').Substring(0, 8)
}

Function Limit-VmbJournal {
    # Old runs go, and what killed runs left. The newest run always stays: it is the one somebody may want back.
    param ([string]$Folder, [System.Collections.IDictionary[]]$Runs, [int]$KeepRuns = 100, [long]$KeepBytes = 64MB)
    $complete = @($Runs | ForEach-Object { $_.run_id })
    foreach ($entry in Get-VmbFolder $Folder) {
        if ($entry.folder -and $entry.name -notin $complete) { [System.IO.Directory]::Delete([System.IO.Path]::Combine($Folder, $entry.name), $true) }
    }
    $total = 0
    for ($number = 1; $number -le @($Runs).Count; $number++) {
        $run = $Runs[$number - 1]
        foreach ($file in Get-VmbFolder $run.path) { $total += $file.size }
        if ($number -gt 1 -and ($number -ge $KeepRuns -or $total -gt $KeepBytes)) { [System.IO.Directory]::Delete($run.path, $true) }
    }
}

Function Get-VmbEntry {
    # The entries of a run in the order in which they were made.
    param ([System.Collections.IDictionary]$Run)
    $names = @(Get-VmbFolder $Run.path | ForEach-Object { $_.name } | Where-Object { $_ -match '^\d{4}\.json$' } | Sort-Object)
    foreach ($name in $names) { Read-VmbJson ([System.IO.Path]::Combine($Run.path, $name)) }
}

Function Add-VmbEntry {
    # Writes entries, and returns when they are on the disk.
    param ([System.Collections.IDictionary]$Run, [System.Collections.IDictionary[]]$Entry)
    $number = @(Get-VmbEntry $Run).Count
    foreach ($one in $Entry) {
        $number++
        $one.time = Format-VmbTime ([DateTime]::UtcNow)
        Write-VmbJson ([System.IO.Path]::Combine($Run.path, '{0:d4}.json' -f $number)) $one
    }
    $undone = [System.IO.Path]::Combine($Run.path, 'undone.json')
    if ([System.IO.File]::Exists($undone)) { [System.IO.File]::Delete($undone) }
}

Function Complete-VmbUndo {
    # Notes that a run was undone; its entries stay.
    param ([System.Collections.IDictionary]$Run)
    Write-VmbJson ([System.IO.Path]::Combine($Run.path, 'undone.json')) @{ time = Format-VmbTime ([DateTime]::UtcNow) }
}

Export-ModuleMember -Function '*-Vmb*'
