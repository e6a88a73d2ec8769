# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause

# What Windows keeps in no file: events and registry keys that decide, as lines of text. Private to the collection.

Function Get-VmbEventSlice {
    # Queries for the events that decide, by log. Support gets all warnings and errors of the main logs.
    param ([int]$Days, [bool]$ForSupport)
    $slices = [ordered]@{ 'Microsoft-Windows-CAPI2/Operational' = @(Get-VmbTroubleQuery $Days) }
    foreach ($kind in Get-VmbEventKind) { $slices[$kind.log] = @($slices[$kind.log]) + @(Get-VmbEventQuery $kind $Days) }
    if ($ForSupport) { foreach ($log in 'System', 'Application') { $slices[$log] = @(Get-VmbTroubleQuery $Days) } }
    $slices
}

Function Get-VmbTroubleQuery {
    param ([int]$Days)
    "*[System[(Level=1 or Level=2 or Level=3) and TimeCreated[timediff(@SystemTime) <= $(86400000L * $Days)]]]"
}

Function Get-VmbEventLine {
    # The newest events that queries find in a log, the oldest first: at most 500 each.
    param ([string]$Log, [string[]]$Query)
    $events = foreach ($one in $Query) { if ($one) { Get-VmbEvent -Log $Log -Query $one -Limit 500 } }
    foreach ($event in $events | Sort-Object -Property { $_.time }) { "$($event.time) $($event.provider) $($event.id): $(@($event.data) -join ' | ')" }
}

Function Get-VmbEvidenceKey {
    # Registry keys that decide, which are those that the probe reads: the path, how many levels below it, and which values.
    $all, $named, $service = '', '\ADisplay', '\A(Start|Type|ImagePath|ObjectName|DependOnService|Group|DelayedAutoStart|ErrorControl|ServiceDll)\z'
    $internet = 'Microsoft\Windows\CurrentVersion\Internet Settings'
    $proxy = '\A(Proxy|AutoConfigURL|WinHttp|DefaultConnection)'
    $rows = @(
        'SOFTWARE\Microsoft\Virtual Machine\Guest', 0, $all
        'SOFTWARE\Microsoft\Windows Azure', 3, $all
        'SOFTWARE\Microsoft\WindowsAzure', 3, $all
        'SOFTWARE\Microsoft\BcdrAgent', 2, $all
        'SOFTWARE\WOW6432Node\Microsoft\BcdrAgent', 2, $all
        'SOFTWARE\Microsoft\BcdrAgentPersistentKeys', 2, $all
        "SOFTWARE\$internet", 1, $proxy
        "SOFTWARE\Policies\$internet", 1, $proxy
        "SOFTWARE\WOW6432Node\$internet", 1, $proxy
        'SOFTWARE\Microsoft\.NETFramework', 1, '\A(Enable64Bit|SchUseStrongCrypto|SystemDefaultTlsVersions)\z'
        'SOFTWARE\WOW6432Node\Microsoft\.NETFramework', 1, '\A(SchUseStrongCrypto|SystemDefaultTlsVersions)\z'
        'SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full', 0, '\A(Release|Version)\z'
        'SOFTWARE\Microsoft\Microsoft SQL Server', 2, '\A(Version|Edition|MSSQL.*)\z'
        'SOFTWARE\Microsoft\Windows NT\CurrentVersion', 0, '\A(Current|Product|Edition|Installation|UBR|DisplayVersion)'
        'SOFTWARE\Microsoft\Windows NT\CurrentVersion\Failover Clusters', 0, $all
        'SOFTWARE\Microsoft\Windows NT\CurrentVersion\Image File Execution Options', 1, '\ADebugger\z'
        'SOFTWARE\Microsoft\Windows Defender\Exclusions\Paths', 0, $all
        'SOFTWARE\Policies\Microsoft\Windows Defender\Exclusions\Paths', 0, $all
        'SOFTWARE\Policies\Microsoft\Cryptography\Configuration\SSL\00010002', 0, '\AFunctions\z'
        'SOFTWARE\Policies\Microsoft\WindowsFirewall', 1, $all
        'SOFTWARE\Policies\Microsoft\Windows\SrpV2', 2, $all
        'SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing', 1, '\A\z'
        'SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update', 1, '\A\z'
        'SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall', 1, $named
        'SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall', 1, $named
        'SYSTEM\CurrentControlSet\Control\Class\{71a27cdd-812a-11d0-bec7-08002be2092f}', 0, '\AUpperFilters\z'
        'SYSTEM\CurrentControlSet\Control\Cryptography\Configuration\Local\SSL\00010002', 0, '\AFunctions\z'
        'SYSTEM\CurrentControlSet\Control\Lsa\FipsAlgorithmPolicy', 0, $all
        'SYSTEM\CurrentControlSet\Control\Network\{4D36E972-E325-11CE-BFC1-08002BE10318}', 2, '\A(Name|PnpInstanceID)\z'
        'SYSTEM\CurrentControlSet\Control\ProductOptions', 0, '\AProductType\z'
        'SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols', 2, $all
        'SYSTEM\CurrentControlSet\Control\SafeBoot\Option', 0, $all
        'SYSTEM\CurrentControlSet\Control\Session Manager', 0, '\APendingFileRenameOperations\z'
        'SYSTEM\CurrentControlSet\Control\Session Manager\Environment', 0, 'proxy|\A(Path|ComSpec)\z'
        'SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management', 0, '\APagingFiles\z'
        'SYSTEM\CurrentControlSet\Control\Session Manager\SubSystems', 0, '\AWindows\z'
        'SYSTEM\CurrentControlSet\Services', 2, $service
        'SYSTEM\CurrentControlSet\Services\mssmbios\Data', 0, '\ASMBiosData\z'
        'SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy', 1, $all
        'SYSTEM\CurrentControlSet\Services\Tcpip\Parameters\Interfaces', 1, $all
        'SYSTEM\CurrentControlSet\Services\Tcpip\Parameters\PersistentRoutes', 0, $all
        'SYSTEM\CurrentControlSet\Services\VSS\Providers', 2, $all
        'SYSTEM\CurrentControlSet\Services\W32Time\Parameters', 0, $all
        'SYSTEM\CurrentControlSet\Services\W32Time\TimeProviders', 1, $all
    )
    for ($at = 0; $at -lt $rows.Count; $at += 3) { @{ hive = 'LocalMachine'; path = $rows[$at]; depth = $rows[$at + 1]; values = $rows[$at + 2] } }
    # Of the account that the agent runs as.
    foreach ($user in 'S-1-5-18', '.DEFAULT') { @{ hive = 'Users'; path = "$user\Software\$internet"; depth = 1; values = $proxy } }
}

Function Get-VmbRegistryLine {
    # A key and those below it as lines of text; nothing for one that does not exist, the reason for one that cannot be read.
    param ([System.Collections.IDictionary]$Key, [bool]$Redact, [System.Collections.IDictionary]$Walk)
    if ($Walk.left-- -le 0) { return }
    $short = @{ LocalMachine = 'HKLM'; Users = 'HKU' }[$Key.hive]
    try {
        $values = Get-VmbRegistryKey $Key.path -Hive $Key.hive
        if ($null -eq $values) { return }
        "[$short\$($Key.path)]"
        # Not by .Keys: that would be the value of this name.
        foreach ($pair in $values.GetEnumerator() | Sort-Object -Property { $_.Key }) {
            if ($pair.Key -match $Key.values) { Format-VmbRegistryValue $pair.Key $pair.Value $Redact }
        }
        if ($Key.depth -le 0) { return }
        foreach ($name in Get-VmbRegistryName $Key.path -Hive $Key.hive) {
            Get-VmbRegistryLine @{ hive = $Key.hive; path = "$($Key.path)\$name"; depth = $Key.depth - 1; values = $Key.values } $Redact $Walk
        }
    }
    catch { "[$short\$($Key.path)] cannot be read: $(Get-VmbFault $_)" }
}

Function Format-VmbRegistryValue {
    # Bytes may hold a text that is a secret: only those of proxy settings are shown, masked.
    param ([string]$Name, [System.Collections.IDictionary]$Value, [bool]$Redact)
    $data = $Value.value
    if ($Redact -and $Value.type -notin 'REG_SZ', 'REG_EXPAND_SZ', 'REG_MULTI_SZ', 'REG_DWORD', 'REG_QWORD') {
        $bytes = if ($data) { [Convert]::FromBase64String($data) } else { [byte[]]::new(0) }
        $data = if ($Name -in 'WinHttpSettings', 'DefaultConnectionSettings') { [Convert]::ToBase64String((Hide-VmbBlob $bytes)) } else { "$($bytes.Length) bytes" }
    }
    elseif ($Redact) { $data = Hide-VmbTree $data $Name }
    $shown = if ($Name) { $Name } else { '(Default)' }
    "$shown = $($Value.type): $(@($data) -join ', ')".Replace("`r", ' ').Replace("`n", ' ')
}

Export-ModuleMember -Function '*-Vmb*'
