# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause

# The record that makes every change undoable: on the disk before the change happens. Private to the collection.
#
# <journal>\journal.json         the mark of a journal
# <journal>\lock                 the one writer's lock
# <journal>\<run id>\run.json    order and time of the run
# <journal>\<run id>\0001.json   one entry a touched thing, in order: what it was, what the run made of it
# <journal>\<run id>\undone.json present once the run was undone
#
# Only SYSTEM and administrators see into a run. Only runs of ours are ever removed.

Function Get-VmbJournalFolder {
    param ([string]$Path)
    if (-not $Path) { return [System.IO.Path]::Combine([System.Environment]::GetFolderPath('CommonApplicationData'), 'vmbackup', 'journal') }
    try { $full = [System.IO.Path]::GetFullPath($Path) } catch { throw "Cannot use '$Path' as journal: it is not a path" }
    if ($full -eq [System.IO.Path]::GetPathRoot($full)) { return $full }
    $full.TrimEnd('\', '/')
}

Function Test-VmbJournal {
    # Whether the journal exists. Throws when the folder cannot be one, and touches nothing: it must be absent, empty or ours.
    param ([string]$Folder)
    if (-not (Test-VmbPrivate $Folder 'journal')) { return $false }
    if (-not (Test-VmbOwnJournal $Folder)) {
        throw "Cannot use '$Folder' as journal: it holds other things; use a separate folder, such as '$Folder\vmbackup-journal'"
    }
    $true
}

Function Test-VmbPrivate {
    # Whether a folder exists. Throws when anybody but SYSTEM and administrators owns it or may write into it.
    param ([string]$Folder, [string]$Use)
    $above = [System.IO.Path]::GetDirectoryName($Folder)
    while ($above -and -not [System.IO.Directory]::Exists($above)) { $above = [System.IO.Path]::GetDirectoryName($above) }
    if ($above) { Assert-VmbOwner $Folder $above $Use }
    if ([System.IO.File]::Exists($Folder)) { throw "Cannot use '$Folder' as ${Use}: it is not a folder" }
    if (-not [System.IO.Directory]::Exists($Folder)) { return $false }
    if (Test-VmbLink $Folder) { throw "Cannot use '$Folder' as ${Use}: it is a link or a mount point" }
    Assert-VmbOwner $Folder $Folder $Use
    # Everything but to list, to read and to wait; what folders and files in it inherit counts as well.
    $others = @((Get-VmbAccess $Folder).allowed | Where-Object { ($_.rights -band 0x500D0156) -and -not (Test-VmbTrusted $_.sid) })
    if ($others) { throw "Cannot use '$Folder' as ${Use}: $($others[0].sid) may write into it; give a folder that does not exist yet" }
    $true
}

Function Test-VmbOwnJournal {
    param ([string]$Folder)
    $mark = [System.IO.Path]::Combine($Folder, 'journal.json')
    try { if ((Read-VmbJson $mark @{ schema = 'number'; journal = 'text' }).journal -eq 'vmbackup.azure') { return $true } }
    catch { $null = $_ }
    $found = @(Get-VmbFolder $Folder | Where-Object { $_.name -ne 'journal.json.part' })
    if (-not $found) { return $true }
    # Earlier versions made no mark, and one can be damaged: a lock, runs and nothing else.
    $odd = @($found | Where-Object { -not (Test-VmbOwnEntry $Folder $_) })
    -not $odd -and @($found | Where-Object { $_.name -eq 'lock' })
}

Function Test-VmbOwnLock {
    param ([string]$Path)
    try { "$(Get-VmbText $Path)" -match '\A(process \d+ \([^()]*\))?\z' } catch { $false }
}

Function Test-VmbOwnEntry {
    param ([string]$Folder, [System.Collections.IDictionary]$Entry)
    $path = [System.IO.Path]::Combine($Folder, $Entry.name)
    if ($Entry.folder) { return Test-VmbRunAlone $path }
    $Entry.name -eq 'journal.json' -or ($Entry.name -eq 'lock' -and (Test-VmbOwnLock $path))
}

Function Test-VmbRunAlone {
    # Whether a folder is a run, or the beginning of one, and holds nothing that a run does not; the names of the guard are its own.
    param ([string]$Path)
    if (-not (Test-VmbRunName ([System.IO.Path]::GetFileName($Path))) -or (Test-VmbLink $Path)) { return $false }
    try { -not @(Get-VmbFolder $Path | Where-Object { $_.name -notmatch '\A((run|undone|\d{4})\.json(\.part)?|guard.*)\z' }) }
    catch { $false }
}

Function Test-VmbLink {
    param ([string]$Path)
    [bool]([System.IO.File]::GetAttributes($Path) -band [System.IO.FileAttributes]::ReparsePoint)
}

Function Initialize-VmbJournal {
    # Makes the journal. A folder that exists already keeps its owner and access list.
    param ([string]$Folder)
    if (-not (Test-VmbJournal $Folder)) { New-VmbPrivate $Folder }
}

Function New-VmbPrivate {
    # Makes a folder, for SYSTEM and administrators only.
    param ([string]$Folder)
    $missing = @(for ($path = $Folder; $path -and -not [System.IO.Directory]::Exists($path); $path = [System.IO.Path]::GetDirectoryName($path)) { $path })
    [array]::Reverse($missing)
    foreach ($path in $missing) { New-VmbFolder $path }
}

Function New-VmbFolder {
    param ([string]$Path)
    try { $null = [System.IO.Directory]::CreateDirectory($Path) }
    catch { throw "Cannot create '$Path': $(Get-VmbFault $_)" }
    Protect-VmbFolder $Path
}

Function Assert-VmbOwner {
    # Anybody may create folders in ProgramData: one that was laid there for us is no place for one of ours.
    param ([string]$Folder, [string]$Path, [string]$Use)
    $owner = (Get-VmbAccess $Path).owner
    if (-not (Test-VmbTrusted $owner)) {
        throw "Cannot use '$Folder' as ${Use}: $owner owns '$Path', who is neither SYSTEM nor an administrator"
    }
}

Function Get-VmbAccess {
    # Owner of a folder and who is allowed what there: SIDs, and rights as a number.
    param ([string]$Path)
    $sid = [System.Security.Principal.SecurityIdentifier]
    try { $security = [System.Security.AccessControl.DirectorySecurity]::new($Path, 'Owner, Access') }
    catch { throw "Cannot read the access list of '$Path': $(Get-VmbFault $_)" }
    $allowed = @($security.GetAccessRules($true, $true, $sid) | Where-Object { [string]$_.AccessControlType -eq 'Allow' })
    @{ owner = [string]$security.GetOwner($sid)
        allowed = @($allowed | ForEach-Object { @{ sid = $_.IdentityReference.Value; rights = [int]$_.FileSystemRights } })
    }
}

Function Test-VmbTrusted {
    # SYSTEM, administrators, whoever owns the thing, and the installer of Windows, whose the root of the drive is.
    param ([string]$Sid)
    $installer = 'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464'
    $Sid -in 'S-1-5-18', 'S-1-5-32-544', 'S-1-3-0', 'S-1-3-4', $installer, [System.Security.Principal.WindowsIdentity]::GetCurrent().User.Value
}

Function Protect-VmbFolder {
    param ([string]$Path)
    $wanted = 'O:BAD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)'
    $security = [System.Security.AccessControl.DirectorySecurity]::new()
    $security.SetSecurityDescriptorSddlForm($wanted)
    try { $null = Set-Acl -LiteralPath $Path -AclObject $security -ErrorAction Stop }
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

Function Get-VmbJsonLimit {
    # The readers of JSON in .NET Framework take 2,097,152 characters unless told otherwise.
    2MB
}

Function Write-VmbJson {
    param ([string]$Path, [System.Collections.IDictionary]$Facts)
    $Facts.schema = 1
    $text = ConvertTo-Json -InputObject $Facts -Depth 8
    # What could never be read again would make the change impossible to undo.
    if ([System.Text.Encoding]::UTF8.GetByteCount($text) -gt (Get-VmbJsonLimit)) { throw "Cannot write '$Path': it would be larger than 2 MiB" }
    Write-VmbFile $Path $text
}

Function Read-VmbJson {
    # The facts in a file; throws, with the file's name, unless they have the form (Find-VmbWrong).
    param ([string]$Path, [System.Collections.IDictionary]$Form = @{})
    if (-not (Test-VmbFile $Path)) { throw "Cannot read '$Path': it does not exist" }
    if (Test-VmbLink $Path) { throw "Cannot read '$Path': it is a link" }
    try { $text = Get-VmbText $Path (Get-VmbJsonLimit) } catch { throw "Cannot read '$Path': $(Get-VmbFault $_)" }
    $text = "$text".Trim()
    if (-not $text) { throw "Cannot read '$Path': it is damaged: it is empty" }
    # Newer editions would take a list apart.
    try { $facts = if ($text.StartsWith('{')) { ConvertFrom-Json -InputObject $text -ErrorAction Stop } }
    catch { $facts = $null }
    if ($null -eq $facts) { throw "Cannot read '$Path': it is damaged: it is not a JSON object" }
    $wrong = Find-VmbWrong $facts $Form
    if ($wrong) { throw "Cannot read '$Path': it is damaged: $wrong" }
    if ($Form.Contains('schema') -and $facts.schema -ne 1) { throw "Cannot read '$Path': another version of this collection wrote it" }
    $facts
}

Function Find-VmbWrong {
    # What is wrong with a value that came from JSON; nothing when it has the form. A form is a word, or a table of names and
    # their forms; a name with a question mark may be missing. Types are checked here, once: what reads a record relies on it.
    param ($Value, $Form, [string]$Name = 'it')
    if ($Form -isnot [System.Collections.IDictionary]) {
        if (Test-VmbForm $Value $Form) { return }
        return "$Name is missing or wrong"
    }
    if ($Value -isnot [System.Management.Automation.PSCustomObject]) { return "$Name is not an object" }
    foreach ($key in $Form.Keys) {
        $part = $key.TrimEnd('?')
        $inner = $Value.PSObject.Properties[$part]
        # An empty list would be lost on its way through an expression.
        if ($null -ne $inner) { $inner = $inner.Value }
        if ($null -eq $inner -and $key -ne $part) { continue }
        $wrong = Find-VmbWrong $inner $Form[$key] "'$part'"
        if ($wrong) { return $wrong }
    }
}

Function Test-VmbForm {
    param ($Value, [string]$Form)
    switch ($Form) {
        # What looks like a time comes as one from newer editions.
        'text' { return $Value -is [string] -or $Value -is [DateTime] }
        'time' { return (Test-VmbForm $Value 'text') -and (Format-VmbTime $Value) -match '\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\z' }
        'switch' { return $Value -is [bool] }
        'number' { return ($Value -is [int] -or $Value -is [long]) -and $Value -ge 0 -and $Value -le (Get-VmbLastOrder) }
        'object' { return $Value -is [System.Management.Automation.PSCustomObject] }
        'texts' {
            if ($Value -isnot [array]) { return $false }
            # A pipeline would lose an empty list among them, and a condition takes a list with a single nothing for nothing.
            foreach ($one in $Value) { if (-not (Test-VmbForm $one 'text')) { return $false } }
            return $true
        }
        'registry' { return -not (Find-VmbWrong $Value @{ type = 'text'; value = 'text'; 'exact?' = 'text' }) -and (Test-VmbRegistryData $Value) }
        'registries' {
            if ($Value -isnot [System.Management.Automation.PSCustomObject]) { return $false }
            return -not @($Value.PSObject.Properties | Where-Object { -not (Test-VmbForm $_.Value 'registry') })
        }
    }
}

Function Test-VmbRegistryData {
    # Whether a registry value can be written as its type.
    param ($State)
    if ($State.type -eq 'absent') { return $null -eq $State.exact }
    $number, $large = 0, 0L
    switch ($State.type) {
        'REG_DWORD' { return [int]::TryParse($State.exact, [ref]$number) }
        'REG_QWORD' { return [long]::TryParse($State.exact, [ref]$large) }
        { $_ -in 'REG_BINARY', 'REG_NONE', 'REG_SZ', 'REG_EXPAND_SZ', 'REG_MULTI_SZ' } {
            try { return $State.exact -is [string] -and $null -ne [Convert]::FromBase64String($State.exact) } catch { return $false }
        }
    }
    $false
}

Function Get-VmbLastOrder { 1000000000 }

Function Get-VmbEntryForm {
    # The form of an entry; of a kind that is not known here, what all kinds have.
    param ([string]$Kind)
    $states = @{
        registry = 'registry'
        winhttp = @{ proxy = 'text'; bypass = 'text'; proxy_32 = 'text'; bypass_32 = 'text'; 'exact?' = @{ native = 'registry'; bits32 = 'registry' } }
        service = @{ 'start?' = 'text'; 'delayed?' = 'switch'; 'account?' = 'text'; 'recovery?' = 'text'; 'on_errors?' = 'switch'
            running = 'switch'; 'exact?' = 'registries'
        }
        dhcp = @{ method = 'text'; addresses = 'texts'; gateways = 'texts'; dns = 'text'; 'exact?' = 'registries'; 'kept?' = 'texts' }
        firewallrule = @{ display = 'text'; 'enabled?' = 'switch'; 'direction?' = 'text'; 'action?' = 'text'; 'protocol?' = 'text'
            'ports?' = 'text'; 'remote?' = 'texts'
        }
        route = @{ now = 'texts'; boot = 'texts' }
    }
    $targets = @{ registry = @{ path = 'text'; name = 'text' }; service = @{ name = 'text' }; firewallrule = @{ name = 'text' }
        dhcp = @{ adapter = 'text'; 'index?' = 'number' }; route = @{ adapter = 'text'; gateway = 'text' }
    }
    $form = @{ schema = 'number'; 'order?' = 'number'; time = 'time'; module = 'text'; kind = 'text'; title = 'text'
        target = 'object'; before = 'object'; after = 'object'
    }
    if ($states.Contains($Kind)) { $form.before = $form.after = $states[$Kind]; $form.'extra?' = 'texts' }
    if ($targets.Contains($Kind)) { $form.target = $targets[$Kind] }
    $form
}

Function Get-VmbRun {
    # The runs of a journal, newest first, those that are damaged as well: "fault" says why run.json cannot be read.
    param ([string]$Folder)
    if (-not (Test-VmbJournal $Folder)) { return }
    $found = @(foreach ($entry in Get-VmbFolder $Folder) {
            $path = [System.IO.Path]::Combine($Folder, $entry.name)
            if (-not $entry.folder -or -not (Test-VmbRunName $entry.name) -or (Test-VmbLink $path)) { continue }
            # One that cannot be looked into is listed as damaged.
            $names = try { @(Get-VmbFolder $path | ForEach-Object { $_.name }) } catch { 'run.json' }
            if ($names -match '\A(run|\d{4})\.json\z') { Read-VmbRun $path $entry.modified }
        })
    foreach ($run in $found) {
        if ($null -ne $run.order) { continue }
        # Nothing of it says its order: it goes by the time.
        $earlier = @($found | Where-Object { -not $_.fault -and [string]::CompareOrdinal($_.created, $run.created) -lt 0 } | ForEach-Object { $_.order })
        $run.order = 0.5 + ($earlier + 0 | Measure-Object -Maximum).Maximum
    }
    $found | Sort-Object -Property { $_.order }, { $_.created } -Descending
}

Function Read-VmbRun {
    param ([string]$Path, [string]$Modified)
    $run = @{ run_id = [System.IO.Path]::GetFileName($Path); path = $Path; fault = $null
        undone = Test-VmbFile ([System.IO.Path]::Combine($Path, 'undone.json'))
    }
    try {
        $facts = Read-VmbJson ([System.IO.Path]::Combine($Path, 'run.json')) @{ schema = 'number'; order = 'number'; created = 'time' }
        $run.order, $run.created = $facts.order, (Format-VmbTime $facts.created)
    }
    catch {
        $run.fault = Get-VmbFault $_
        $first = @((Read-VmbEntry $run).entries)[0]
        $run.order = $first.order
        $run.created = if ($first) { Format-VmbTime $first.time } else { $Modified }
    }
    $run
}

Function Find-VmbRun {
    # A run by its id; "latest" is the newest one that was not undone yet.
    param ([string]$Folder, [string]$RunId)
    $found = @(Get-VmbRun $Folder | Where-Object { if ($RunId -eq 'latest') { -not $_.undone } else { $_.run_id -eq $RunId } })
    if (-not $found) { throw "Cannot find the run '$RunId': the journal '$Folder' has none" }
    $found[0]
}

Function Test-VmbRunName {
    param ([string]$RunId)
    $RunId -match '\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z' -and $RunId -notin 'latest', 'lock', 'journal.json' -and -not $RunId.EndsWith('.')
}

Function Assert-VmbRunId {
    param ([string]$RunId)
    if (-not (Test-VmbRunName $RunId)) { throw "Cannot use the run id '$RunId': only letters, digits, '.', '_' and '-' (64 at most)" }
    # Names of devices since DOS, with any ending.
    if ($RunId -match '\A(con|prn|aux|nul|com\d|lpt\d)(\.|\z)') { throw "Cannot use the run id '$RunId': Windows keeps this name for a device" }
}

Function Open-VmbRun {
    # The run to add entries to, made if needed; only for the holder of the lock.
    param ([string]$Folder, [string]$RunId)
    $mark = [System.IO.Path]::Combine($Folder, 'journal.json')
    if (-not (Test-VmbFile $mark)) { Write-VmbJson $mark @{ journal = 'vmbackup.azure' } }
    $runs = @(Get-VmbRun $Folder)
    $known = @($runs | Where-Object { $_.run_id -eq $RunId })
    if ($known) {
        if (Get-VmbDamage $known[0]) { throw "Cannot use the run '$RunId': it is damaged; use another run_id" }
        return $known[0]
    }
    Limit-VmbJournal $Folder $runs
    $order = 1
    if ($runs) { $order = [Math]::Min([Math]::Floor($runs[0].order) + 1, (Get-VmbLastOrder)) }
    $created = Format-VmbTime ([DateTime]::UtcNow)
    $path = [System.IO.Path]::Combine($Folder, $RunId)
    if ([System.IO.File]::Exists($path) -or ([System.IO.Directory]::Exists($path) -and -not (Test-VmbRunAlone $path))) {
        throw "Cannot use the run id '$RunId': '$path' is not a run; use another run_id"
    }
    New-VmbFolder $path
    Write-VmbJson ([System.IO.Path]::Combine($path, 'run.json')) @{ created = $created; order = [int]$order }
    @{ run_id = $RunId; path = $path; order = [int]$order; created = $created; undone = $false; fault = $null }
}

Function New-VmbRunId {
    $now = [DateTime]::UtcNow.ToString('yyyyMMddTHHmmssZ', [System.Globalization.CultureInfo]::InvariantCulture)
    '{0}-{1}' -f $now, [guid]::NewGuid().ToString('N').Substring(0, 8)
}

Function Limit-VmbJournal {
    # Old runs go; what is damaged or holds something else stays. So does the newest run: it is the one somebody may want back.
    param ([string]$Folder, [System.Collections.IDictionary[]]$Runs, [int]$KeepRuns = 100, [long]$KeepBytes = 64MB)
    foreach ($entry in Get-VmbFolder $Folder) {
        if ($entry.folder -and $entry.name -match '\A\.vmbackup-') { Remove-VmbFolder ([System.IO.Path]::Combine($Folder, $entry.name)) }
    }
    $total = $number = 0
    foreach ($run in @($Runs | Where-Object { -not $_.fault })) {
        $number++
        foreach ($file in Get-VmbFolder $run.path) { $total += $file.size }
        if ($number -eq 1 -or ($number -lt $KeepRuns -and $total -le $KeepBytes)) { continue }
        if (-not (Test-VmbRunAlone $run.path) -or (Get-VmbDamage $run)) { continue }
        # Under another name first: a run that is half removed would look like a damaged one.
        $gone = [System.IO.Path]::Combine($Folder, ".vmbackup-$($run.run_id)")
        try { [System.IO.Directory]::Move($run.path, $gone) } catch { continue }
        Remove-VmbFolder $gone
    }
}

Function Remove-VmbFolder {
    # What is in use goes with a later run.
    param ([string]$Path)
    try { if (-not (Test-VmbLink $Path)) { [System.IO.Directory]::Delete($Path, $true) } } catch { $null = $_ }
}

Function Read-VmbEntry {
    # The entries of a run that can be read, in the order in which they were made, and why others cannot.
    param ([System.Collections.IDictionary]$Run)
    $read = @{ entries = @(); faults = @() }
    try { $last = Get-VmbLastEntry $Run }
    catch { $last = 0; $read.faults += "Cannot read '$($Run.path)': $(Get-VmbFault $_)" }
    for ($number = 1; $number -le $last; $number++) {
        $path = [System.IO.Path]::Combine($Run.path, '{0:d4}.json' -f $number)
        try {
            $entry = Read-VmbJson $path (Get-VmbEntryForm)
            $wrong = Find-VmbWrong $entry (Get-VmbEntryForm $entry.kind)
            if ($wrong) { throw "Cannot read '$path': it is damaged: $wrong" }
            $read.entries += $entry
        }
        catch { $read.faults += Get-VmbFault $_ }
    }
    $read
}

Function Get-VmbLastEntry {
    param ([System.Collections.IDictionary]$Run)
    $names = @(Get-VmbFolder $Run.path | ForEach-Object { $_.name } | Where-Object { $_ -match '\A\d{4}\.json\z' } | Sort-Object)
    if ($names) { [int]$names[-1].Substring(0, 4) } else { 0 }
}

Function Get-VmbEntry {
    # The entries of a run in the order in which they were made. Throws for one that is damaged.
    param ([System.Collections.IDictionary]$Run)
    $read = Read-VmbEntry $Run
    if ($read.faults) { throw $read.faults[0] }
    $read.entries
}

Function Get-VmbDamage {
    # The first reason why a run cannot be read in full; nothing when it can.
    param ([System.Collections.IDictionary]$Run, [System.Collections.IDictionary]$Read = (Read-VmbEntry $Run))
    @(@($Run.fault) + @($Read.faults) | Where-Object { $_ })[0]
}

Function Add-VmbEntry {
    # Writes entries, and returns when they are on the disk.
    param ([System.Collections.IDictionary]$Run, [System.Collections.IDictionary[]]$Entry)
    $number = Get-VmbLastEntry $Run
    if ($number + $Entry.Count -gt 9999) { throw "Cannot add to the run '$($Run.run_id)': it is full; use another run_id" }
    foreach ($one in $Entry) {
        $number++
        $one.time = Format-VmbTime ([DateTime]::UtcNow)
        $one.order = $Run.order
        $path = [System.IO.Path]::Combine($Run.path, '{0:d4}.json' -f $number)
        Write-VmbJson $path $one
    }
    $undone = [System.IO.Path]::Combine($Run.path, 'undone.json')
    if (-not [System.IO.File]::Exists($undone)) { return }
    [System.IO.File]::Delete($undone)
    # Lasting before the change is, as all that comes before a write to the disk: a run with the mark is never undone.
    Write-VmbJson $path $one
}

Function Complete-VmbUndo {
    # Notes that a run was undone; its entries stay.
    param ([System.Collections.IDictionary]$Run)
    Write-VmbJson ([System.IO.Path]::Combine($Run.path, 'undone.json')) @{ time = Format-VmbTime ([DateTime]::UtcNow) }
}

Export-ModuleMember -Function '*-Vmb*'
