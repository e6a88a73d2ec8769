# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause

# The kind "registry": one value of HKEY_LOCAL_MACHINE, 64-bit view. Target: path, name. State: type, value (as shown),
# exact (what brings it back). Private to the collection.

Function Get-VmbValueKind {
    # Type names of the registry and those of .NET, in one table that is read both ways.
    [ordered]@{ REG_SZ = 'String'; REG_EXPAND_SZ = 'ExpandString'; REG_BINARY = 'Binary'; REG_DWORD = 'DWord'; REG_MULTI_SZ = 'MultiString'
        REG_QWORD = 'QWord'; REG_NONE = 'None'
    }
}

Function New-VmbRegistryState {
    # The state of a value of such a type and data; without a type, of a value that is not there.
    param ([string]$Type, $Data)
    if (-not $Type) { return [ordered]@{ type = 'absent'; value = ''; exact = $null } }
    if ($Type -in 'REG_BINARY', 'REG_NONE') { $shown = $exact = [Convert]::ToBase64String([byte[]]$Data) }
    elseif ($Type -in 'REG_DWORD', 'REG_QWORD') { $shown = $exact = [string]$Data }
    else {
        # A text that looks like a time would not come back from JSON as it was.
        $shown, $text = ($Data -join ', '), ($Data -join [char]0)
        $exact = [Convert]::ToBase64String([System.Text.Encoding]::Unicode.GetBytes($text))
    }
    [ordered]@{ type = $Type; value = $shown; exact = $exact }
}

Function Read-VmbRegistry {
    param ($Target)
    $key = [Microsoft.Win32.RegistryKey]::OpenBaseKey('LocalMachine', 'Registry64').OpenSubKey($Target.path)
    if ($null -eq $key) { return New-VmbRegistryState }
    try {
        $name = @($key.GetValueNames() | Where-Object { $_ -eq $Target.name })
        if (-not $name) { return New-VmbRegistryState }
        $kind = [string]$key.GetValueKind($name[0])
        $type = @((Get-VmbValueKind).GetEnumerator() | Where-Object { $_.Value -eq $kind } | ForEach-Object { $_.Key })
        if (-not $type) { throw "Cannot read '$(Format-VmbRegistry $Target)': its type is unknown" }
        New-VmbRegistryState $type[0] $key.GetValue($name[0], $null, 'DoNotExpandEnvironmentNames')
    }
    finally { $key.Dispose() }
}

Function Write-VmbRegistry {
    # Extra: the keys that did not exist before; where the value goes, they go too unless somebody else uses them.
    param ($Target, $State, $Extra)
    $root = [Microsoft.Win32.RegistryKey]::OpenBaseKey('LocalMachine', 'Registry64')
    try {
        if ($State.type -eq 'absent') {
            Remove-VmbRegistryValue $root $Target.path $Target.name
            foreach ($path in @($Extra | Where-Object { $_ })) { Remove-VmbEmptyKey $root $path }
            return
        }
        $key = $root.CreateSubKey($Target.path)
        try {
            $key.SetValue($Target.name, (ConvertTo-VmbRegistryData $State), (Get-VmbValueKind)[$State.type])
            $key.Flush()
        }
        finally { $key.Dispose() }
    }
    catch { throw "Cannot write '$(Format-VmbRegistry $Target)': $(Get-VmbFault $_)" }
}

Function ConvertTo-VmbRegistryData {
    param ($State)
    $exact = [string]$State.exact
    switch ($State.type) {
        { $_ -in 'REG_BINARY', 'REG_NONE' } { return , [Convert]::FromBase64String($exact) }
        'REG_DWORD' { return [int]$exact }
        'REG_QWORD' { return [long]$exact }
        'REG_MULTI_SZ' {
            $text = [System.Text.Encoding]::Unicode.GetString([Convert]::FromBase64String($exact))
            if ($text -eq '') { return , [string[]]@() }
            return , [string[]]$text.Split([char]0)
        }
        default { return [System.Text.Encoding]::Unicode.GetString([Convert]::FromBase64String($exact)) }
    }
}

Function Remove-VmbRegistryValue {
    param ([Microsoft.Win32.RegistryKey]$Root, [string]$Path, [string]$Name)
    $key = $Root.OpenSubKey($Path, $true)
    if ($null -eq $key) { return }
    try { $key.DeleteValue($Name, $false) } finally { $key.Dispose() }
}

Function Remove-VmbEmptyKey {
    param ([Microsoft.Win32.RegistryKey]$Root, [string]$Path)
    $key = $Root.OpenSubKey($Path)
    if ($null -eq $key) { return }
    try { $empty = $key.ValueCount -eq 0 -and $key.SubKeyCount -eq 0 } finally { $key.Dispose() }
    if ($empty) { $Root.DeleteSubKey($Path, $false) }
}

Function Get-VmbMissingKey {
    # The keys on the way to a path that do not exist, deepest first.
    param ([string]$Path)
    $root = [Microsoft.Win32.RegistryKey]::OpenBaseKey('LocalMachine', 'Registry64')
    while ($Path) {
        $key = $root.OpenSubKey($Path)
        if ($key) { $key.Dispose(); break }
        $Path
        $end = $Path.LastIndexOf('\')
        $Path = if ($end -gt 0) { $Path.Substring(0, $end) }
    }
}

Function New-VmbRegistryStep {
    # The step that gives a value such a type and data, or takes it away where there is no type.
    param ([string]$Path, [string]$Name, [string]$Type, $Data)
    $target = [ordered]@{ path = $Path; name = $Name }
    @{ kind = 'registry'; target = $target; title = Format-VmbRegistry $target; extra = @(Get-VmbMissingKey $Path)
        after = New-VmbRegistryState $Type $Data
    }
}

Function Format-VmbRegistry {
    param ($Target)
    "HKLM\$($Target.path): $($Target.name)"
}

Export-ModuleMember -Function '*-Vmb*'
