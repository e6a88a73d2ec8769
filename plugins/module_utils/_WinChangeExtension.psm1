# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause

# What makes the agent forget the snapshot plugin, so that the next backup installs it anew: values of the registry, while
# the agent is stopped. Private to the collection.

Function Get-VmbExtensionStep {
    # The steps for one version; none where the agent has it not registered.
    param ([string]$Version)
    $steps = @(Get-VmbForgottenStep $Version)
    if (-not $steps) { return }
    # The plugin believes that its provider is installed as long as these say so.
    $flags = @{ path = 'SOFTWARE\Microsoft\BcdrAgent'; name = 'IsProviderInstalled' },
    @{ path = 'SOFTWARE\Microsoft\BcdrAgentPersistentKeys'; name = 'IsCommonProviderInstalled' }
    foreach ($flag in $flags) {
        $step = New-VmbRegistryStep $flag.path $flag.name 'REG_SZ' 'False'
        $step.before = Read-VmbRegistry $step.target
        if ($step.before.type -ne 'absent' -and $step.before.value -ne 'False') { $steps += $step }
    }
    $steps
}

Function Get-VmbForgottenStep {
    # The values of the agent's registration, by name, so that a preview and the change list them alike. Sources differ in
    # how the parent key is spelt. The key goes with its last value.
    param ([string]$Version)
    foreach ($parent in 'SOFTWARE\Microsoft\Windows Azure\HandlerState', 'SOFTWARE\Microsoft\WindowsAzure\HandlerState') {
        $path = "$parent\Microsoft.Azure.RecoveryServices.VMSnapshot_$Version"
        $key = Get-VmbRegistryKey $path
        foreach ($name in @(if ($key) { $key.Keys | Sort-Object })) {
            $step = New-VmbRegistryStep $path $name
            $step.extra = @($path)
            $step.before = Read-VmbRegistry $step.target
            $step
        }
    }
}

Function Write-VmbExtension {
    # All steps at once, as the agent is stopped meanwhile; it comes back whatever happens in between.
    param ([System.Collections.IDictionary]$Work)
    if ($Work.done) { return }
    $Work.done = $true
    Invoke-VmbStopped 'WindowsAzureGuestAgent' {
        foreach ($one in $Work.steps) { Write-VmbThing $one.kind $one.target $one.after $one.extra }
    }
}

Function Format-VmbExtension {
    # Values by their place, null for one that is not there.
    param ($Steps, [string]$Side)
    $shown = @{}
    foreach ($step in @($Steps | Where-Object { $_ })) {
        $state = $step[$Side]
        $shown[$step.title] = if ($state.type -ne 'absent') { $state.value }
    }
    $shown
}

Export-ModuleMember -Function '*-Vmb*'
