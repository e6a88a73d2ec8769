# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause

# The kind "service". Target: name. State: start, delayed, account, recovery, on_errors, running; exact (registry values that
# the service control manager keeps of them). Private to the collection.

Function Get-VmbStartName {
    # Start types and their numbers, in one table that is read both ways.
    [ordered]@{ boot = 0; system = 1; automatic = 2; manual = 3; disabled = 4 }
}

Function Get-VmbServiceValue {
    # The values of a service's key that a change is about.
    'Start', 'ObjectName', 'FailureActions', 'DelayedAutostart', 'FailureActionsOnNonCrashFailures'
}

Function Get-VmbServiceKey {
    param ([string]$Name)
    "SYSTEM\CurrentControlSet\Services\$Name"
}

Function Get-VmbController {
    # The service as the service control manager has it; nothing when there is none.
    param ([string]$Name)
    Get-VmbServiceController | Where-Object { $_.ServiceName -eq $Name }
}

Function Read-VmbService {
    param ($Target)
    $key = Get-VmbRegistryKey (Get-VmbServiceKey $Target.name)
    if (-not $key -or -not $key.Contains('Start')) { return [ordered]@{ start = 'absent'; running = $false } }
    $controller = Get-VmbController $Target.name
    $exact = @{}
    foreach ($name in @(Get-VmbServiceValue)[2..4]) {
        $exact[$name] = Read-VmbRegistry @{ path = Get-VmbServiceKey $Target.name; name = $name }
    }
    [ordered]@{
        start = @((Get-VmbStartName).GetEnumerator() | Where-Object { $_.Value -eq $key.Start.value } | ForEach-Object { $_.Key })[0]
        delayed = [bool]($key.Contains('DelayedAutostart') -and $key.DelayedAutostart.value -eq 1)
        account = if ($key.Contains('ObjectName')) { $key.ObjectName.value } else { '' }
        recovery = if ($key.Contains('FailureActions')) { Format-VmbRecovery $key.FailureActions.value } else { 'none' }
        on_errors = [bool]($key.Contains('FailureActionsOnNonCrashFailures') -and $key.FailureActionsOnNonCrashFailures.value -eq 1)
        running = [bool]($controller -and [string]$controller.Status -in 'Running', 'StartPending')
        exact = $exact
    }
}

Function Format-VmbRecovery {
    # Recovery actions of a FailureActions value (base64), as the module and the journal write them.
    param ($Value)
    try { $blob = [Convert]::FromBase64String([string]$Value) } catch { return 'none' }
    if ($blob.Length -lt 20) { return 'none' }
    $names = 'none', 'restart', 'reboot', 'command'
    $count, $offset = [BitConverter]::ToUInt32($blob, 12), [BitConverter]::ToUInt32($blob, 16)
    $actions = for ($number = 0; $number -lt $count -and $offset + 8 * $number + 8 -le $blob.Length; $number++) {
        $kind = [BitConverter]::ToUInt32($blob, $offset + 8 * $number)
        if ($kind -gt 3) { $kind = 0 }
        "$($names[$kind])/$([BitConverter]::ToUInt32($blob, $offset + 8 * $number + 4))"
    }
    if (-not $actions) { return 'none' }
    "$(@($actions) -join ' ') reset $([BitConverter]::ToUInt32($blob, 0))"
}

Function Set-VmbRecovery {
    param ([string]$Name, [string]$Recovery)
    $numbers = @{ none = 0; restart = 1; reboot = 2; command = 3 }
    $found = [regex]::Matches($Recovery, '(?<kind>[a-z]+)/(?<delay>\d+)')
    $reset = if ($Recovery -match 'reset (?<reset>\d+)$') { [uint32]$Matches.reset } else { 0 }
    $kinds = [uint32[]]@($found | ForEach-Object { $numbers[$_.Groups['kind'].Value] })
    $delays = [uint32[]]@($found | ForEach-Object { $_.Groups['delay'].Value })
    [Vmbackup.Azure.Native]::SetRecovery($Name, $reset, $kinds, $delays)
}

Function Write-VmbService {
    param ($Target, $State, $Extra)
    $null = $Extra
    $now = Read-VmbService $Target
    if ($now.running -and $State.running -and $now.account -ne $State.account) {
        # A service has a new account from its next start on.
        Invoke-VmbStopped $Target.name { Set-VmbServiceState $Target.name $now $State }
        return
    }
    if ($now.running -and -not $State.running) { Stop-VmbService $Target.name }
    Set-VmbServiceState $Target.name $now $State
    if ($State.running -and -not $now.running) { Start-VmbService $Target.name }
}

Function Set-VmbServiceState {
    # Makes of the state that a service has now another one, all but "running".
    param ([string]$Name, $Now, $State)
    $rest = Read-VmbServiceRest $Name
    try {
        if ($Now.start -ne $State.start) { Set-VmbStart $Name $State.start }
        if ($Now.delayed -ne $State.delayed) { [Vmbackup.Azure.Native]::SetDelayed($Name, $State.delayed) }
        if ($Now.account -ne $State.account) { [Vmbackup.Azure.Native]::SetAccount($Name, $State.account) }
        if ($Now.recovery -ne $State.recovery) { Set-VmbRecovery $Name $State.recovery }
        if ($Now.on_errors -ne $State.on_errors) { [Vmbackup.Azure.Native]::SetRecoveryOnErrors($Name, $State.on_errors) }
        foreach ($pair in @(Get-VmbPair $State.exact) + @(Get-VmbPair $rest)) { Write-VmbServiceValue $Name $pair[0] $pair[1] }
        # What the service control manager wrote beside what it was asked for.
        foreach ($more in (Read-VmbServiceRest $Name).Keys) { if (-not $rest.Contains($more)) { Write-VmbServiceValue $Name $more (New-VmbRegistryState) } }
    }
    catch { throw "Cannot configure '$Name': $(Get-VmbFault $_)" }
}

Function Read-VmbServiceRest {
    # All other values of a service's key, by name.
    param ([string]$Name)
    $path, $rest = (Get-VmbServiceKey $Name), @{}
    foreach ($value in (Get-VmbRegistryKey $path).Keys) {
        if ($value -notin (Get-VmbServiceValue)) { $rest[$value] = Read-VmbRegistry @{ path = $path; name = $value } }
    }
    $rest
}

Function Write-VmbServiceValue {
    param ([string]$Name, [string]$Value, $State)
    $target = @{ path = Get-VmbServiceKey $Name; name = $Value }
    $there = Read-VmbRegistry $target
    if ($there.exact -ne $State.exact -or $there.type -ne $State.type) { Write-VmbRegistry $target $State }
}

Function Set-VmbStart {
    # Newer Windows lets nobody configure some of its own services: their value is written, and heard at the next boot.
    param ([string]$Name, [string]$Start)
    $number = (Get-VmbStartName)[$Start]
    try { [Vmbackup.Azure.Native]::SetStart($Name, $number) }
    catch {
        $problem = $_.Exception.GetBaseException()
        $denied = $problem -is [System.ComponentModel.Win32Exception] -and $problem.NativeErrorCode -in 5, 1060
        if (-not $denied) { throw }
        Write-VmbRegistry @{ path = Get-VmbServiceKey $Name; name = 'Start' } (New-VmbRegistryState 'REG_DWORD' $number)
    }
}

Function Stop-VmbService {
    param ([string]$Name, [int]$Seconds = 60)
    $controller = Get-VmbController $Name
    if (-not $controller -or [string]$controller.Status -eq 'Stopped') { return }
    try {
        if ([string]$controller.Status -ne 'StopPending') { $controller.Stop() }
        $controller.WaitForStatus('Stopped', [TimeSpan]::FromSeconds($Seconds))
    }
    catch { throw "Cannot stop '$Name': $(Get-VmbFault $_)" }
}

Function Start-VmbService {
    param ([string]$Name, [int]$Seconds = 60)
    $controller = Get-VmbController $Name
    if (-not $controller) { throw "Cannot start '$Name': it does not exist" }
    $span = [TimeSpan]::FromSeconds($Seconds)
    try {
        if ([string]$controller.Status -eq 'StopPending') { $controller.WaitForStatus('Stopped', $span) }
        if ([string]$controller.Status -eq 'Stopped') { $controller.Start() }
        $controller.WaitForStatus('Running', $span)
    }
    catch {
        if ([string](Get-VmbController $Name).Status -eq 'Stopped') { throw (Get-VmbEnd $Name) }
        throw "Cannot start '$Name': $(Get-VmbFault $_)"
    }
}

Function Invoke-VmbStopped {
    # Does something while services are stopped, in this order, and starts them in the reverse one, with those that Windows stops
    # because they need them. All are started, whatever happens: one that did not stop in time may do so later. A service that does
    # not start is the error that counts.
    param ([string[]]$Name, [scriptblock]$Action)
    $running = @(@(foreach ($service in $Name) {
                # In the order in which they can be stopped.
                (Get-VmbController $service).DependentServices | Where-Object { [string]$_.Status -in 'Running', 'StartPending' } | ForEach-Object { $_.ServiceName }
                $service
            }) | Select-Object -Unique)
    try {
        foreach ($service in $Name) { Stop-VmbService $service }
        $null = & $Action
    }
    finally {
        [array]::Reverse($running)
        $problems = @(foreach ($service in $running) { try { $null = Start-VmbService $service } catch { $_ } })
        if ($problems) { throw $problems[0] }
    }
}

Function Get-VmbEnd {
    # The error for a service that does not stay up.
    param ([string]$Name)
    $code = try { [Vmbackup.Azure.Native]::ExitCode($Name) } catch { 0 }
    "Cannot start '$Name': it ended" + $(if ($code) { " with code $code" } else { ' at once' })
}

Function Assert-VmbStaysUp {
    # Watches services for a while after their start.
    param ([string[]]$Name, [int]$Seconds)
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    do {
        foreach ($one in $Name) { if ([string](Get-VmbController $one).Status -ne 'Running') { throw (Get-VmbEnd $one) } }
        [System.Threading.Thread]::Sleep(250)
    } while ($clock.Elapsed.TotalSeconds -lt $Seconds)
}

Export-ModuleMember -Function '*-Vmb*'
