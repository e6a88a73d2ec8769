# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause

# Which events of Windows tell why backups fail. Shared by the probe and the evidence archive. Private to the collection.

Function Get-VmbEventKind {
    # Kinds of events: a name, the log, the provider ('' for any; releases of Windows differ in case), identifiers.
    @(
        @{ name = 'service_failures'; log = 'System'; provider = 'Service Control Manager'; id = 7000, 7001, 7003, 7009, 7011, 7022, 7023, 7024, 7031, 7034, 7038, 7041 }
        @{ name = 'memory_exhausted'; log = 'System'; provider = 'Microsoft-Windows-Resource-Exhaustion-Detector', 'srv', 'Srv'; id = 2004, 2019, 2020 }
        @{ name = 'desktop_heap'; log = 'System'; provider = 'Win32k'; id = 243, 244 }
        @{ name = 'disk_errors'; log = 'System'; provider = 'disk', 'Disk', 'storvsc', 'Ntfs', 'Microsoft-Windows-Ntfs'; id = 7, 11, 51, 55, 129, 137, 153, 154 }
        @{ name = 'volume_states'; log = 'System'; provider = 'disk', 'Disk', 'Microsoft-Windows-Ntfs'; id = 98, 157 }
        @{ name = 'crypto_errors'; log = 'Application'; provider = 'Microsoft-Windows-CAPI2'; id = , 513 }
        @{ name = 'volume_timeouts'; log = 'System'; provider = 'volsnap', 'Volsnap'; id = 2, 5, 6, 8, 9, 14, 15, 16, 20, 21, 24, 25, 28, 35, 36, 40 }
        @{ name = 'cluster_backup'; log = 'System'; provider = 'Microsoft-Windows-FailoverClustering'; id = , 1544 }
        @{ name = 'application_crashes'; log = 'Application'; provider = 'Application Error'; id = , 1000 }
        @{ name = 'dotnet_crashes'; log = 'Application'; provider = '.NET Runtime'; id = , 1026 }
        @{ name = 'vss_errors'; log = 'Application'; provider = 'VSS', 'SQLWRITER'; id = 13, 22, 8193, 8194, 8229, 12289, 12292, 12293, 12297, 12298, 12301, 12305, 12310, 12340, 12366, 24583 }
        @{ name = 'installer_errors'; log = 'Application'; provider = 'MsiInstaller'; id = 10005, 11401, 11402, 11722, 11920 }
        @{ name = 'sql_backups'; log = 'Application'; provider = ''; id = 18264, 18265, 3041 }
        @{ name = 'applocker_blocks'; log = 'Microsoft-Windows-AppLocker/EXE and DLL'; provider = ''; id = , 8004 }
        @{ name = 'applocker_script_blocks'; log = 'Microsoft-Windows-AppLocker/MSI and Script'; provider = ''; id = , 8007 }
        @{ name = 'code_integrity_blocks'; log = 'Microsoft-Windows-CodeIntegrity/Operational'; provider = ''; id = , 3077 }
        @{ name = 'defender_blocks'; log = 'Microsoft-Windows-Windows Defender/Operational'; provider = ''; id = 1117, 1121, 1123 }
    )
}

Function Get-VmbEventQuery {
    # The XPath query for events of a kind that are not older than so many days.
    param ([System.Collections.IDictionary]$Kind, [int]$Days)
    $ids = @($Kind.id | ForEach-Object { "EventID=$_" }) -join ' or '
    $from = if ($Kind.provider) { "Provider[$(@($Kind.provider | ForEach-Object { "@Name='$_'" }) -join ' or ')] and " }
    "*[System[$from($ids) and TimeCreated[timediff(@SystemTime) <= $(86400000L * $Days)]]]"
}

Export-ModuleMember -Function '*-Vmb*'
