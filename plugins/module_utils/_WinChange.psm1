# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause

# One change: plan, lock, plan again, journal, apply; and its undo. Private to the collection.
#
# What can be changed is of a kind. A kind is two functions: Read-Vmb<Kind> -Target gives the state, Write-Vmb<Kind> -Target
# -State -Extra makes it so. A state is an ordered table. Two states are the same when their lines of text are; what stands
# under "exact" (bytes to bring back) and "running" (changes by itself) is left out of them.

Function Get-VmbChangeSpec {
    # What every module that changes something takes.
    @{
        options = @{ run_id = @{ type = 'str' }; journal_dir = @{ type = 'path' } }
        supports_check_mode = $true
    }
}

Function Invoke-VmbChange {
    # Runs a module. $Plan gives @{ steps; before; after; facts; verify }: a step is @{ kind; target; title; after; extra; apply },
    # with an apply for what is not done at once. verify runs after the steps, also where none was needed, and gives facts or throws.
    param ([Ansible.Basic.AnsibleModule]$Module, [string]$Name, [scriptblock]$Plan)
    $context = @{ name = $Name; check = $Module.CheckMode; run_id = $Module.Params.run_id; run = $null; failure = @{} }
    Invoke-VmbWork $Module $context {
        $context.folder = Get-VmbJournalFolder $Module.Params.journal_dir
        if ($context.run_id) { Assert-VmbRunId $context.run_id }
        Invoke-VmbTransaction $context $Plan
    }
}

Function Invoke-VmbWork {
    # Gives what $Work returns as the module's result, masked, or its error.
    param ([Ansible.Basic.AnsibleModule]$Module, [System.Collections.IDictionary]$Context, [scriptblock]$Work)
    # Our own copy: what Ansible would add shows a proxy's password.
    $Module.Result.invocation = @{ module_args = Hide-VmbTree $Module.Params }
    try {
        $result = & $Work
        foreach ($name in @($result.Keys)) { $Module.Result[$name] = Hide-VmbTree $result[$name] $name }
    }
    catch {
        if ($Context.run) {
            # What was done so far stands in the journal: the caller can undo it by this id.
            $Module.Result.run_id = $Context.run.run_id
            $Module.Result.journal = $Context.run.path
            $Module.Result.changed = $true
        }
        foreach ($name in @($Context.failure.Keys)) { $Module.Result[$name] = Hide-VmbTree $Context.failure[$name] $name }
        $Module.FailJson((Hide-VmbSecret (Get-VmbFault $_)))
    }
}

Function Invoke-VmbTransaction {
    param ([System.Collections.IDictionary]$Context, [scriptblock]$Plan)
    $made = Get-VmbPlan $Plan
    $facts = @{}
    if ($made.steps) { $null = Test-VmbJournal $Context.folder }
    if (-not $Context.check) {
        if ($made.steps) {
            $null = Initialize-VmbJournal $Context.folder
            $lock = Lock-VmbJournal $Context.folder $Context.name
            try {
                # The first plan was made without the lock: another run may have finished in between.
                $made = Get-VmbPlan $Plan
                if ($made.steps) { $null = Invoke-VmbStep $Context $made.steps }
            }
            finally { $lock.Dispose() }
        }
        if ($made.verify) {
            # What a plan changes beside its steps, such as a restart, happens there: nobody knows how far it came when it fails.
            if ($made.facts.changed) { $Context.failure.changed = $true }
            $facts = & $made.verify
        }
    }
    $result = @{
        changed = [bool]$made.steps
        compliant = -not $made.steps
        before = $made.before
        after = $made.after
        diff = @($made.steps | ForEach-Object { Get-VmbDifference $_.title $_.before $_.after })
        run_id = [string]$Context.run_id
        journal = ''
    }
    if ($Context.run) { $result.run_id = $Context.run.run_id; $result.journal = $Context.run.path }
    foreach ($more in $made.facts, $facts) { foreach ($name in @($more.Keys)) { $result[$name] = $more[$name] } }
    $result
}

Function Get-VmbPlan {
    # The plan with its steps' states before, without the steps that change nothing.
    param ([scriptblock]$Plan)
    $made = & $Plan
    foreach ($step in $made.steps) { if (-not $step.Contains('before')) { $step.before = Read-VmbThing $step.kind $step.target } }
    $made.steps = @($made.steps | Where-Object { $_ -and -not (Test-VmbSame $_.before $_.after) })
    $made
}

Function Invoke-VmbStep {
    param ([System.Collections.IDictionary]$Context, [System.Collections.IDictionary[]]$Step)
    $run_id = $Context.run_id
    if (-not $run_id) { $run_id = New-VmbRunId }
    $Context.run = Open-VmbRun $Context.folder $run_id
    $tried = @()
    try {
        Add-VmbEntry $Context.run @($Step | ForEach-Object {
                @{ kind = $_.kind; module = $Context.name; target = $_.target; before = $_.before; after = $_.after; extra = $_.extra; title = $_.title }
            })
        foreach ($one in $Step) {
            $tried += $one
            if ($one.apply) { & $one.apply $Context.run; continue }
            Write-VmbThing $one.kind $one.target $one.after $one.extra
            if ((Format-VmbState (Read-VmbThing $one.kind $one.target)) -cne (Format-VmbState $one.after)) {
                throw "Cannot change '$($one.title)': it was written but is not in effect; a policy may override it"
            }
        }
    }
    catch {
        $Context.failure.changed = [bool]@($tried | Where-Object { Test-VmbMoved $_ $_.before })
        throw
    }
}

Function Test-VmbMoved {
    # Whether a thing is no longer as it was; one that cannot be read may be anything.
    param ([System.Collections.IDictionary]$Thing, $Before)
    try { -not (Test-VmbSame (Read-VmbThing $Thing.kind $Thing.target) $Before) } catch { $true }
}

Function Read-VmbThing {
    param ([string]$Kind, $Target)
    Assert-VmbKind $Kind
    & "Read-Vmb$Kind" -Target $Target
}

Function Write-VmbThing {
    param ([string]$Kind, $Target, $State, $Extra)
    & "Write-Vmb$Kind" -Target $Target -State $State -Extra $Extra
}

Function Assert-VmbKind {
    param ([string]$Kind)
    if ($Kind -notmatch '^\w+$' -or -not (Get-Command -Name "Read-Vmb$Kind" -CommandType Function -ErrorAction SilentlyContinue)) {
        throw "Cannot undo '$Kind': an entry of this kind is of a newer version"
    }
}

Function Get-VmbPair {
    # Names and values of a table, or of an object that came from JSON, in their order.
    param ($State)
    if ($State -is [System.Collections.IDictionary]) { foreach ($name in $State.Keys) { , @($name, $State[$name]) } }
    elseif ($null -ne $State) { foreach ($member in $State.PSObject.Properties) { , @($member.Name, $member.Value) } }
}

Function Format-VmbState {
    # The lines by which a state is shown and compared. "exact" and "kept" are what is given back beside it.
    param ($State, [switch]$Running)
    $lines = foreach ($pair in Get-VmbPair $State) {
        if ($pair[0] -in 'exact', 'kept' -or ($pair[0] -eq 'running' -and -not $Running)) { continue }
        $value = $pair[1]
        if ($value -is [bool]) { $value = ([string]$value).ToLowerInvariant() }
        "$($pair[0]): $(@($value) -join ', ')`n"
    }
    -join $lines
}

Function Get-VmbRunning {
    param ($State)
    foreach ($pair in Get-VmbPair $State) { if ($pair[0] -eq 'running') { $pair[1] } }
}

Function Copy-VmbState {
    # A state with another "running", where it has one.
    param ($State, $Running)
    $copy = [ordered]@{}
    foreach ($pair in Get-VmbPair $State) { $copy[$pair[0]] = if ($pair[0] -eq 'running') { $Running } else { $pair[1] } }
    $copy
}

Function Test-VmbSame {
    param ($First, $Second)
    (Format-VmbState $First -Running) -ceq (Format-VmbState $Second -Running)
}

Function Get-VmbDifference {
    param ([string]$Title, $Before, $After)
    @{ before_header = $Title; after_header = $Title; before = Format-VmbState $Before -Running; after = Format-VmbState $After -Running }
}

Function Get-VmbUndo {
    # What undoing a run, or one module's part of it, takes, in order. Throws when something was changed since.
    param ([System.Collections.IDictionary]$Run, [System.Collections.IDictionary]$Context, [string]$Module)
    $things = [ordered]@{}
    $entries = @(Get-VmbEntry $Run)
    [array]::Reverse($entries)
    foreach ($entry in $entries) {
        if ($Module -and $entry.module -ne $Module) { continue }
        $key = "$($entry.kind) $(Format-VmbState $entry.target)"
        if (-not $things.Contains($key)) { $things[$key] = @{ kind = $entry.kind; target = $entry.target; title = $entry.title; entries = @() } }
        $things[$key].entries += $entry
    }
    # What is again as the run left it, someone else has made so; it may be gone.
    if ($Run.undone) { return $things.Values }
    foreach ($thing in $things.Values) { Resolve-VmbUndo $thing }
    $changed = @($things.Values | Where-Object { $_.conflict } | ForEach-Object { $_.title })
    if ($changed) {
        $Context.failure.conflicts = $changed
        throw "Cannot undo '$($Run.run_id)': changed since by someone else: $($changed -join ', ')"
    }
    $things.Values
}

Function Resolve-VmbUndo {
    # Finds out how far back a thing can go: its state must be one that the run left or found.
    param ([System.Collections.IDictionary]$Thing)
    $Thing.now = Read-VmbThing $Thing.kind $Thing.target
    $Thing.to = $Thing.now
    $Thing.extra = $null
    $Thing.conflict = $false
    $reached = Format-VmbState $Thing.now
    $known = @($Thing.entries | ForEach-Object { Format-VmbState $_.before })
    $begun = $moved = $false
    foreach ($entry in $Thing.entries) {
        $after, $before = (Format-VmbState $entry.after), (Format-VmbState $entry.before)
        if ($after -cne $reached) {
            # Newer entries whose result is not there were undone, or their run was killed before the change.
            if (-not $begun -or $before -ceq $reached) { continue }
            $Thing.conflict = $true
            break
        }
        $begun = $true
        $reached = $before
        $Thing.to = $entry.before
        $Thing.extra = $entry.extra
        if ((Get-VmbRunning $entry.before) -ne (Get-VmbRunning $entry.after)) { $moved = $true }
    }
    # What the run neither started nor stopped may have done so by itself.
    if ($begun -and -not $moved) { $Thing.to = Copy-VmbState $Thing.to (Get-VmbRunning $Thing.now) }
    if (-not $begun) { $Thing.conflict = $reached -cnotin $known }
    $Thing.needed = -not $Thing.conflict -and -not (Test-VmbSame $Thing.now $Thing.to)
}

Function Invoke-VmbUndo {
    # Carries out what Get-VmbUndo gave, for the holder of the lock, and notes it. What fails says what was restored before it.
    param ([System.Collections.IDictionary]$Run, [System.Collections.IDictionary[]]$Thing, [System.Collections.IDictionary]$Context)
    $tried = @()
    try {
        foreach ($one in @($Thing | Where-Object { $_.needed })) {
            $tried += $one
            $null = Write-VmbThing $one.kind $one.target $one.to $one.extra
        }
        if (-not $Run.undone) { Complete-VmbUndo $Run }
    }
    catch {
        $Context.failure = Get-VmbUndoResult $Run @($tried | Where-Object { Test-VmbMoved $_ $_.now })
        throw
    }
}

Function Get-VmbUndoResult {
    # What the undo of a run returns for the things that it restored, or would restore.
    param ([System.Collections.IDictionary]$Run, [System.Collections.IDictionary[]]$Thing)
    @{
        changed = [bool]$Thing
        run_id = $Run.run_id
        journal = $Run.path
        restored = @($Thing | ForEach-Object { $_.title })
        diff = @($Thing | ForEach-Object { Get-VmbDifference $_.title $_.now $_.to })
        # Windows programs read a proxy when they begin to use one, and the snapshot plugin is started for each backup.
        restart_required = $false
    }
}

Function Get-VmbFault {
    # Why something failed, in words of our own where Windows would translate them.
    param ([System.Management.Automation.ErrorRecord]$Problem)
    $words = @{ 2 = 'it does not exist'; 5 = 'access is denied'; 32 = 'it is in use'; 112 = 'the disk is full'; 1053 = 'it does not answer in time'
        1056 = 'it runs already'; 1058 = 'it is disabled'; 1060 = 'it does not exist'; 1061 = 'it takes no orders now'; 1069 = 'its account cannot log on'
        1072 = 'it is marked for deletion'
    }
    $base = $Problem.Exception.GetBaseException()
    if ($base -is [System.ComponentModel.Win32Exception]) {
        if ($words.Contains($base.NativeErrorCode)) { return $words[$base.NativeErrorCode] }
        return "Windows error $($base.NativeErrorCode)"
    }
    if ($base -is [UnauthorizedAccessException] -or $base -is [System.Security.SecurityException]) { return 'access is denied' }
    if ($base.GetType().Name -eq 'TimeoutException') { return 'it does not get there in time' }
    if ($base -is [System.IO.IOException] -and $words.Contains($base.HResult -band 0xFFFF)) { return $words[$base.HResult -band 0xFFFF] }
    $base.Message
}

Export-ModuleMember -Function '*-Vmb*'
