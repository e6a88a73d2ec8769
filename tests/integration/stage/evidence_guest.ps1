# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# A guest whose drive is a folder, with a registry and events from $data: what stands for the boundary to Windows. Start-Collection
# makes an archive of it by the code of the module.

Function Get-VmbRegistryKey {
    param ([string]$Path, [string]$Hive = 'LocalMachine')
    $key = $data.registry["$Hive\$Path"]
    if ($null -eq $key) { return }
    $values = @{}
    foreach ($pair in $key.GetEnumerator()) { $values[$pair.Key] = @{ type = $pair.Value[0]; value = $pair.Value[1] } }
    $values
}
Function Get-VmbRegistryName {
    param ([string]$Path, [string]$Hive = 'LocalMachine')
    foreach ($one in $data.registry.Keys) {
        if ($one -like "$Hive\$Path\*" -and $one.Substring("$Hive\$Path\".Length) -notlike '*\*') { $one.Substring("$Hive\$Path\".Length) }
    }
}
Function Get-VmbEvent {
    param ([string]$Log, [string]$Query, [int]$Limit = 20)
    if ($null -eq $data.events[$Log]) { throw [System.IO.FileNotFoundException]::new() }
    foreach ($text in $data.events[$Log]) { @{ provider = 'VSS'; id = 8193; time = '2026-11-28T00:00:00Z'; data = @(Limit-VmbText $text 600) } }
}
Function Get-VmbAccess { param ($Path) @{ owner = 'S-1-5-18'; allowed = @() } }
Function Test-VmbTrusted { param ($Sid) $Sid -eq 'S-1-5-18' }
Function Protect-VmbFolder { param ($Path) $null = $Path }

Function Start-Collection {
    param ([System.Collections.IDictionary]$Options = @{}, [bool]$Check = $false)
    $params = @{ state = 'present'; name = $null; directory = "$($data.drive)evidence"; max_mib = 50; max_file_mib = 10; max_age_days = 14
        seconds = 300; redact = $true; collect_for = 'diagnosis'; documents = $null
    }
    foreach ($name in $Options.Keys) { $params[$name] = $Options[$name] }
    $system = @{ drive = $data.drive; root = "$($data.drive)Windows"; program_data = "$($data.drive)ProgramData" }
    try { Invoke-VmbEvidence $params $Check $system } catch { @{ failed = Get-VmbFault $_ } }
}
