# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause

# Section extension of the probe: the snapshot plugin, its registration and its files. It states facts and never judges.
# Private to the collection.

Function Get-VmbExtensionSection {
    param ([System.Collections.IDictionary]$Facts, [System.Collections.IDictionary]$Options)
    $plugin = 'Microsoft.Azure.RecoveryServices.VMSnapshot'
    $system = $Options.system
    $packages = "$($system.drive)Packages\Plugins\$plugin"
    $logs = "$($system.drive)WindowsAzure\Logs\Plugins\$plugin"
    Set-VmbFact $Facts 'versions' -List {
        foreach ($entry in Get-VmbFolder $packages) {
            if ($entry.folder -and $entry.name -match '^\d+(\.\d+)+$') { Get-VmbPlugin "$packages\$($entry.name)" $entry.name }
        }
    }
    Set-VmbFact $Facts 'handler_state' -List { Get-VmbHandlerState | Where-Object { $_.name -eq $plugin } }
    Set-VmbFact $Facts 'other_handlers' -List { Get-VmbHandlerState | Where-Object { $_.name -ne $plugin } }
    Set-VmbFact $Facts 'shared_assemblies' -List { Get-VmbSharedAssembly "$($system.root)\Microsoft.NET\assembly\GAC_MSIL" }
    Set-VmbFact $Facts 'log' {
        $newest = Get-VmbNewest $logs '^\d'
        if (-not $newest) { return }
        $file = Get-VmbNewest "$logs\$($newest.name)" '\.log$'
        if ($file) { Get-VmbLog "$logs\$($newest.name)\$($file.name)" }
    }
}

Function Get-VmbHandlerState {
    # What the agent has registered of extensions, at most 50. Sources differ in how the parent key is spelt: both are read.
    $count = 0
    foreach ($path in 'SOFTWARE\Microsoft\Windows Azure\HandlerState', 'SOFTWARE\Microsoft\WindowsAzure\HandlerState') {
        foreach ($name in Get-VmbRegistryName $path) {
            if ($name -notmatch '^(?<plugin>.+)_(?<version>[\d.]+)$' -or ++$count -gt 50) { continue }
            $found = @{ name = $Matches.plugin; version = $Matches.version; read_from = "HKLM\$path\$name" }
            $key = Get-VmbPlainKey "$path\$name" -Name State, Status, SequenceNumber
            $found.state = $key['State']
            $found.status = $key['Status']
            $found.sequence = [string]$key['SequenceNumber']
            $found
        }
    }
}

Function Get-VmbPlugin {
    # One installed version of the plugin: its newest settings, its newest status, what it brings.
    param ([string]$Folder, [string]$Version)
    $sequence = $null
    foreach ($entry in Get-VmbFolder "$Folder\RuntimeSettings") {
        if ($entry.name -match '^(?<number>\d{1,9})\.settings$' -and [int]$Matches.number -ge $sequence) { $sequence = [int]$Matches.number }
    }
    @{
        version = $Version
        folder = $Folder
        sequence = $sequence
        status = Get-VmbStatusFile "$Folder\Status"
        heartbeat = Get-VmbHeartbeat "$Folder\Status\HeartBeat.Json"
        executable = (Test-VmbFile "$Folder\IaaSBcdrExtension.exe")
        provider = (Test-VmbFile "$Folder\IaasVmProvider.dll") -or (Test-VmbFile "$Folder\IaasVmProvider.exe")
        manifest = Get-VmbManifest $Folder
        environment = Get-VmbHandlerEnvironment $Folder
        storage_library = Get-VmbFileVersion "$Folder\Microsoft.WindowsAzure.Storage.dll"
    }
}

Function Get-VmbManifest {
    # What the agent starts the plugin by, and which of its commands are not there. $null: no such file.
    param ([string]$Folder)
    $path = "$Folder\HandlerManifest.json"
    $text = Get-VmbText $path 65536
    if ($null -eq $text) { return }
    $facts = @{ error = $null; absent = @(); read_from = $path }
    try {
        $commands = Get-VmbMember @($text | ConvertFrom-Json)[0] handlerManifest
        if ($null -eq $commands) { throw 'It names no commands' }
        $programs = @(foreach ($member in $commands.PSObject.Properties) {
            # The program of a command line: in quotation marks, or its first word.
            if ($member.Name -like '*Command' -and [string]$member.Value -match '^\s*("(?<file>[^"]+)"|(?<file>\S+))') { $Matches.file }
        })
        $facts.absent = @($programs | Where-Object { -not (Test-VmbFile ([System.IO.Path]::Combine($Folder, $_))) } | Get-VmbDistinct)
    }
    catch { $facts.error = Get-VmbReason $_.Exception }
    $facts
}

Function Get-VmbHandlerEnvironment {
    # Where the agent tells the plugin to read and write, and which of these folders are not there. $null: no such file.
    param ([string]$Folder)
    $path = "$Folder\HandlerEnvironment.json"
    $text = Get-VmbText $path 65536
    if ($null -eq $text) { return }
    $facts = @{ error = $null; absent = @(); read_from = $path }
    try {
        $named = Get-VmbMember @($text | ConvertFrom-Json)[0] handlerEnvironment
        if ($null -eq $named) { throw 'It names no folders' }
        $folders = foreach ($name in 'configFolder', 'statusFolder') { [string](Get-VmbMember $named $name) }
        $facts.absent = @($folders | Where-Object { $_ -and -not [System.IO.Directory]::Exists($_) })
    }
    catch { $facts.error = Get-VmbReason $_.Exception }
    $facts
}

Function Get-VmbDistinct {
    # Each text once, without regard to case. (Sort-Object would load a module for it.)
    begin { $seen = @{} }
    process { if (-not $seen.Contains($_)) { $seen[$_] = $true; $_ } }
}

Function Get-VmbSharedAssembly {
    # The assemblies of the global cache that plugin and agent share with other programs, a record for each version.
    param ([string]$Cache)
    foreach ($name in 'Microsoft.WindowsAzure.Storage', 'Microsoft.Data.Edm', 'Microsoft.Data.OData', 'iaasvmazurestorage', 'iaasvmsnapshotmessage',
        'Microsoft.VisualStudio.Diagnostics.ServiceModelSink') {
        foreach ($entry in Get-VmbFolder "$Cache\$name") {
            if ($entry.folder -and $entry.name -match '^v[\d.]+_(?<version>[\d.]+)_') { @{ name = $name; version = $Matches.version; read_from = "$Cache\$name\$($entry.name)" } }
        }
    }
}

Function Get-VmbStatusFile {
    param ([string]$Folder)
    $last = $null
    foreach ($entry in Get-VmbFolder $Folder) {
        if ($entry.name -notmatch '^(?<number>\d{1,9})\.status$') { continue }
        $entry.sequence = [int]$Matches.number
        if ($null -eq $last -or $entry.sequence -gt $last.sequence) { $last = $entry }
    }
    if (-not $last) { return }
    $facts = @{ path = "$Folder\$($last.name)"; sequence = $last.sequence; modified = $last.modified
        status = $null; operation = $null; code = $null; message = $null; time = $null; error = $null
    }
    try {
        $json = @(Get-VmbText $facts.path | ConvertFrom-Json)[0]
        $facts.time = Format-VmbTime (Get-VmbMember $json timestampUTC)
        $facts.status = Get-VmbMember $json status, status
        $facts.operation = Get-VmbMember $json status, operation
        $facts.code = Get-VmbMember $json status, code
        $facts.message = Limit-VmbText ([string](Get-VmbMember $json status, formattedMessage, message)) 600
    }
    catch { $facts.error = Get-VmbReason $_.Exception }
    $facts
}

Function Get-VmbHeartbeat {
    param ([string]$Path)
    $json = @(Get-VmbText $Path | Where-Object { $_ } | ConvertFrom-Json)[0]
    if ($json) { @{ status = Get-VmbMember $json heartbeat, status; code = Get-VmbMember $json heartbeat, code } }
}

Export-ModuleMember -Function '*-Vmb*'
