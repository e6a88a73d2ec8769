# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause

# Runs the sections of the probe side by side, each isolated from the others, inside one deadline.
# Private to the collection.

Function Set-VmbFact {
    # Stores what $Read gives under $Name, or the reason why it cannot be had. -List keeps lists of none or one lists.
    param ([System.Collections.IDictionary]$Facts, [string]$Name, [scriptblock]$Read, [switch]$List)
    try {
        if ($List) { $Facts.values[$Name] = @(& $Read) } else { $Facts.values[$Name] = & $Read }
    }
    catch { $Facts.missing[$Name] = Get-VmbGap $_.Exception }
}

Function Get-VmbGap {
    # Why a fact is missing, as a guest state has it: a code, or a sentence.
    param ([Exception]$Exception)
    if (Test-VmbDenied $Exception) { 'admin' } else { Get-VmbReason $Exception }
}

Function Invoke-VmbProbe {
    # The guest state from the loaded functions Get-Vmb<Section>Section, and Get-Vmb<Section>Cim for facts that need CIM.
    # Never throws for what is wrong with the guest: what is late, throws or lacks its interface is stated in "missing".
    param ([System.Collections.IDictionary]$Options, [string[]]$Section, [string[]]$Cim)
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    $seconds = [Math]::Max(1.0, $Options.timeout) - 0.5
    $Options.deadline = [DateTime]::UtcNow.AddSeconds($seconds)
    $Options.system = Get-VmbSystem
    $facts = [ordered]@{}
    foreach ($name in $Section) { $facts[$name] = @{ values = [hashtable]::Synchronized(@{}); missing = [hashtable]::Synchronized(@{}) } }

    # All CIM queries share one runspace: a WMI service that hangs takes nothing else with it.
    $pool = Open-VmbPool -Size 5
    $calls = @(, @($Cim)) + @($Section | ForEach-Object { , @($_) })
    $kind = 'Cim'
    $work = foreach ($names in $calls) {
        $shell = [powershell]::Create()
        $shell.RunspacePool = $pool
        $null = $shell.AddCommand('Invoke-VmbSection').AddArgument($kind).AddArgument($names).AddArgument($facts).AddArgument($Options)
        @{ names = $names; handle = $shell.BeginInvoke() }
        $kind = 'Section'
    }
    $missing = @{}
    foreach ($item in $work) {
        $left = [Math]::Max(0, [int](1000 * ($seconds - $clock.Elapsed.TotalSeconds)))
        if ($item.handle.AsyncWaitHandle.WaitOne($left)) { continue }
        foreach ($name in $item.names) { $missing[$name.ToLowerInvariant()] = "no answer within $($Options.timeout) s" }
    }
    $state = [ordered]@{ schema = 1; platform = 'windows'; mode = 'live'; captured = Format-VmbTime ([DateTime]::UtcNow)
        privileged = Test-VmbAdministrator; probe = @{ powershell = [string]$PSVersionTable.PSVersion; timeout_s = $Options.timeout }; missing = $missing
    }
    foreach ($name in $Section) {
        # Copies, for a section that is late may still be writing, and without what is secret: here they leave the guest.
        $state[$name.ToLowerInvariant()] = Hide-VmbTree $facts[$name].values.Clone()
        $reasons = $facts[$name].missing.Clone()
        foreach ($fact in $reasons.Keys) { $missing["$($name.ToLowerInvariant()).$fact".TrimEnd('.')] = Hide-VmbSecret $reasons[$fact] }
    }
    $state.probe.seconds = [Math]::Round($clock.Elapsed.TotalSeconds, 3)
    $state
}

Function Invoke-VmbSection {
    param ([string]$Kind, [string[]]$Name, [System.Collections.IDictionary]$Facts, [System.Collections.IDictionary]$Options)
    $ErrorActionPreference = 'Stop'
    Set-StrictMode -Version 2.0
    foreach ($section in $Name) {
        try { & "Get-Vmb${section}${Kind}" -Facts $Facts[$section] -Options $Options }
        catch { $Facts[$section].missing[''] = Get-VmbGap $_.Exception }
    }
}

Function Open-VmbPool {
    # Runspaces that know the functions of the probe. The process does not wait for one that hangs.
    param ([int]$Size)
    $initial = [System.Management.Automation.Runspaces.InitialSessionState]::CreateDefault2()
    foreach ($function in Get-Command -Name '*-Vmb*' -CommandType Function) {
        $initial.Commands.Add([System.Management.Automation.Runspaces.SessionStateFunctionEntry]::new($function.Name, $function.Definition))
    }
    $pool = [runspacefactory]::CreateRunspacePool($initial)
    $null = $pool.SetMaxRunspaces($Size)
    $pool.Open()
    $pool
}

Function Read-VmbOption {
    # The options of the module: what is given, in the type of its default, else the default.
    param ([System.Collections.IDictionary]$Given, [System.Collections.IDictionary]$Default)
    $options = @{}
    foreach ($name in $Default.Keys) {
        $options[$name] = $Default[$name]
        if (-not $Given.Contains($name) -or $null -eq $Given[$name]) { continue }
        $options[$name] = $Given[$name] -as $Default[$name].GetType()
        if ($null -eq $options[$name]) { throw "'$($Given[$name])' is not a valid value for '$name'" }
    }
    foreach ($name in $Given.Keys) {
        if ($name -notlike '_ansible_*' -and -not $Default.Contains($name)) { throw "unknown option '$name'" }
    }
    $options
}

Export-ModuleMember -Function '*-Vmb*'
