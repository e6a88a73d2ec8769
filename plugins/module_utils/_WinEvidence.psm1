# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause

# What the module win_evidence_archive does: makes an archive, finds one that was made, removes one. The same as
# _evidence/work.py. Private to the collection.

Function Invoke-VmbEvidence {
    # The module's result.
    param ([System.Collections.IDictionary]$Params, [bool]$Check, [System.Collections.IDictionary]$System)
    foreach ($limit in @('max_mib', 4096), @('max_file_mib', 4096), @('max_age_days', 3650), @('seconds', 3600)) {
        $value = $Params[$limit[0]]
        if ($value -lt 1 -or $value -gt $limit[1]) { throw "Cannot collect with $($limit[0]) '$value': give 1 to $($limit[1])" }
    }
    if ($Params.name -and $Params.name -notmatch '\Avmbackup-evidence-[0-9TZ]+-[0-9a-f]{8}\.zip\z') {
        throw "Cannot use the archive '$($Params.name)': that is not the name of one"
    }
    $folder = $Params.directory
    if (-not $folder) { $folder = [System.IO.Path]::Combine($System.program_data, 'vmbackup', 'evidence') }
    $path = if ($Params.name) { [System.IO.Path]::Combine($folder, $Params.name) }
    if ($Params.state -eq 'absent') { return Remove-VmbArchive $path $Check }
    if ($path) {
        $found = if ([System.IO.File]::Exists($path) -and -not (Test-VmbLink $path)) { Get-VmbArchive $path } else { @{ path = $null } }
        return $found + @{ changed = $false }
    }
    if ($Check) { return @{ changed = $true; path = $null } }
    $made = New-VmbEvidence $folder $Params $System
    (Get-VmbArchive $made.path) + @{ changed = $true; manifest = Get-VmbSummary $made.manifest }
}

Function New-VmbEvidence {
    # Makes an archive in a folder that only SYSTEM and administrators write into; one run at a time.
    param ([string]$Folder, [System.Collections.IDictionary]$Params, [System.Collections.IDictionary]$System)
    $documents = if ($Params.documents) { Get-VmbDocument $Params.documents } else { @{} }
    if (-not (Test-VmbPrivate $Folder 'directory')) { New-VmbPrivate $Folder }
    try { $lock = [System.IO.FileStream]::new([System.IO.Path]::Combine($Folder, 'lock'), 'OpenOrCreate', 'ReadWrite', 'None', 1, [System.IO.FileOptions]::DeleteOnClose) }
    catch { throw "Cannot collect into '$Folder': another run collects there" }
    try {
        Clear-VmbEvidence $Folder
        $name = 'vmbackup-evidence-{0}-{1}.zip' -f [DateTime]::UtcNow.ToString('yyyyMMddTHHmmssZ', [System.Globalization.CultureInfo]::InvariantCulture),
        [guid]::NewGuid().ToString('N').Substring(0, 8)
        $path = [System.IO.Path]::Combine($Folder, $name)
        @{ path = $path; manifest = Write-VmbEvidence $path $documents $Params $System }
    }
    finally { $lock.Dispose() }
}

Function Write-VmbEvidence {
    # Writes the archive beside its name first: what is there under a name is whole.
    param ([string]$Path, [System.Collections.IDictionary]$Documents, [System.Collections.IDictionary]$Params, [System.Collections.IDictionary]$System)
    $limits = @{ total = 1048576L * $Params.max_mib; file = 1048576L * $Params.max_file_mib; age = 86400L * $Params.max_age_days; seconds = $Params.seconds }
    $archive = New-VmbArchive "$Path.part" $limits $Params.redact
    try {
        foreach ($name in $Documents.Keys | Sort-Object) { Add-VmbDocument $archive "$name.json" $Documents[$name] }
        $manifest = Close-VmbArchive $archive (Add-VmbEvidence $archive $Params $System)
        [System.IO.File]::Move("$Path.part", $Path)
        $manifest
    }
    catch {
        $archive.file.Dispose()
        [System.IO.File]::Delete("$Path.part")
        throw
    }
}

Function Add-VmbEvidence {
    # Takes in all that there is; gives what the manifest says beside it.
    param ([System.Collections.IDictionary]$Archive, [System.Collections.IDictionary]$Params, [System.Collections.IDictionary]$System)
    $for_support = $Params.collect_for -eq 'support'
    $walk = @{ left = 20000 }
    $lines = @(Get-VmbEvidenceKey | ForEach-Object { Get-VmbRegistryLine $_ $Params.redact $walk })
    if ($lines) { Add-VmbLines $Archive 'registry/keys.txt' $lines }
    $slices = Get-VmbEventSlice $Params.max_age_days $for_support
    foreach ($log in $slices.Keys) {
        $of_log = @{ path = $log; size = 0; modified = $null; first = $true; kind = 'file' }
        $obstacle = Get-VmbObstacle $Archive $of_log
        if ($obstacle) { Add-VmbLeftOut $Archive $of_log $obstacle; continue }
        try { $lines = @(Get-VmbEventLine $log $slices[$log]) }
        catch {
            Add-VmbLeftOut $Archive $of_log "unreadable: $($_.Exception.GetBaseException().GetType().Name)"
            continue
        }
        if ($lines) { Add-VmbLines $Archive "events/$($log.Replace('/', '_')).log" $lines }
    }
    $found = Find-VmbEvidence $System $for_support
    foreach ($file in $found.files) { Add-VmbFile $Archive $file }
    @{ for_support = $for_support; is_listing_cut = $found.is_cut -or $walk.left -le 0 }
}

Function Get-VmbDocument {
    # The documents that the controller sent, name to JSON. A line each, with the name first: what is in them is not read here.
    param ([string]$Path)
    if (-not [System.IO.File]::Exists($Path)) { throw "Cannot read '$Path': it does not exist" }
    $documents = @{}
    foreach ($line in [System.IO.File]::ReadAllLines($Path)) {
        $name, $text = $line.Split(' ', 2)
        if ($name -notmatch '\A[a-z]+\z') { throw "Cannot read '$Path': it has no documents" }
        $documents[$name] = $text
    }
    $documents
}

Function Clear-VmbEvidence {
    # Removes what killed runs left, and archives that nobody has fetched for a day.
    param ([string]$Folder)
    $old = Format-VmbTime ([DateTime]::UtcNow.AddDays(-1))
    foreach ($entry in Get-VmbFolder $Folder) {
        if ($entry.folder -or $entry.name -notmatch '\Avmbackup-evidence-.*\.zip(\.part)?\z') { continue }
        if ($entry.name -like '*.part' -or $entry.modified -lt $old) { [System.IO.File]::Delete([System.IO.Path]::Combine($Folder, $entry.name)) }
    }
}

Function Remove-VmbArchive {
    param ([string]$Path, [bool]$Check)
    $found = [bool]$Path -and [System.IO.File]::Exists($Path)
    if ($found -and -not $Check) {
        try {
            [System.IO.File]::Delete($Path)
            $folder = [System.IO.Path]::GetDirectoryName($Path)
            if (-not @(Get-VmbFolder $folder)) { [System.IO.Directory]::Delete($folder) }
        }
        catch { throw "Cannot remove '$Path': $(Get-VmbFault $_)" }
    }
    @{ changed = $found; path = $null }
}

Function Get-VmbArchive {
    param ([string]$Path)
    $digest = [System.Security.Cryptography.SHA256CryptoServiceProvider]::new()
    $file = [System.IO.FileStream]::new($Path, 'Open', 'Read', 'Read')
    try { @{ path = $Path; name = [System.IO.Path]::GetFileName($Path); size = $file.Length; sha256 = Format-VmbDigest $digest.ComputeHash($file) } }
    finally { $file.Dispose(); $digest.Dispose() }
}

Function Get-VmbSummary {
    # What the manifest says, in numbers.
    param ([System.Collections.IDictionary]$Manifest)
    $reasons = @{}
    foreach ($entry in $Manifest.left_out) { $reasons[$entry.reason.Split(':')[0]] += 1 }
    $summary = @{ files = $Manifest.files.Count; left_out = $reasons }
    foreach ($name in 'redacted', 'is_redacted', 'for_support', 'is_listing_cut') { $summary[$name] = $Manifest[$name] }
    $summary
}

Export-ModuleMember -Function '*-Vmb*'
