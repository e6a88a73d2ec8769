# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause

# Writes the archive: what there is room and time for, the newest first, and last of all the manifest, which says so. The same
# form as that of _evidence/archive.py. Private to the collection.
#
# An archive is a zip file: members are written as they are read, and its directory is at its end, so a part of one is not taken
# for a whole. Memory is bounded by a piece of text, the disk by the archive's limit.

Function New-VmbArchive {
    # An archive under way. Limits: bytes of all files and of one (total, file), seconds of age and of work (age, seconds).
    param ([string]$Path, [System.Collections.IDictionary]$Limits, [bool]$Redact)
    Add-Type -AssemblyName System.IO.Compression
    $file = [System.IO.FileStream]::new($Path, 'CreateNew', 'ReadWrite', 'None')
    @{
        path = $Path; file = $file; zip = [System.IO.Compression.ZipArchive]::new($file, 'Create', $true)
        limits = $Limits; left = $Limits.total; clock = [System.Diagnostics.Stopwatch]::StartNew()
        drive = [System.IO.DriveInfo]::new([System.IO.Path]::GetPathRoot($Path))
        redactor = if ($Redact) { New-VmbRedactor }
        files = [System.Collections.ArrayList]::new(); left_out = [System.Collections.ArrayList]::new(); more_left_out = 0; redacted = @{}; manifest_bytes = 0
    }
}

Function Add-VmbFile {
    # Takes in a file that was found, as far as limits allow.
    param ([System.Collections.IDictionary]$Archive, [System.Collections.IDictionary]$Found)
    $reason = Get-VmbObstacle $Archive $Found
    if (-not $reason) {
        $source = $null
        try {
            $source = Open-VmbSource $Found.path ([Math]::Min($Archive.limits.file, $Archive.left)) ([bool]$Archive.redactor)
            $facts = @{ path = $Found.path; bytes = $source.size; first_byte = $source.first; modified = $Found.modified }
            $next = if ($Archive.redactor) { Get-VmbRedacted $Archive $source } else { { Read-VmbBytes $source } }
            $first = & $next
        }
        catch { $reason = Get-VmbUnread $_ }
        try { if (-not $reason) { Write-VmbMember $Archive (Get-VmbMemberName $Found.path) $facts $first $next } }
        finally { if ($source) { $source.stream.Dispose() } }
    }
    if ($reason) { Add-VmbLeftOut $Archive $Found $reason }
}

Function Get-VmbRedacted {
    # Gives the next bytes of a source without its secrets; a document of JSON keeps its form.
    param ([System.Collections.IDictionary]$Archive, [System.Collections.IDictionary]$Source)
    $redactor = $Archive.redactor
    $held = [System.Collections.Queue]::new()
    $state = @{ begun = $false }
    {
        if (-not $state.begun) {
            $state.begun = $true
            $lines = Read-VmbLines $source
            if ($lines -match '\A\s*[{\[]' -and $source.first -eq 0 -and $source.size -le 1048576) {
                for ($whole = ''; $null -ne $lines; $lines = Read-VmbLines $source) { $whole += $lines; $held.Enqueue($lines) }
                $document = Hide-VmbDocument $redactor $whole
                if ($document) { $held.Clear(); return , [System.Text.Encoding]::UTF8.GetBytes($document) }
            }
            elseif ($null -ne $lines) { $held.Enqueue($lines) }
        }
        $lines = if ($held.Count) { $held.Dequeue() } else { Read-VmbLines $source }
        if ($null -ne $lines) { , [System.Text.Encoding]::UTF8.GetBytes((Hide-VmbPiece $redactor $lines)) }
    }.GetNewClosure()
}

Function Get-VmbObstacle {
    # Why a file that was found is left out; nothing when it is not.
    param ([System.Collections.IDictionary]$Archive, [System.Collections.IDictionary]$Found)
    if ($Found.kind -ne 'file') { return $Found.kind }
    if ($Archive.redactor -and $Found.path -match '\.(pem|pfx|p12|p7[bm]|crt|cer|key)\z') { return 'secrets' }
    if (-not $Found.first -and $Found.modified -lt (Format-VmbTime ([DateTime]::UtcNow.AddSeconds(-$Archive.limits.age)))) { return 'age' }
    if ($Archive.clock.Elapsed.TotalSeconds -gt $Archive.limits.seconds) { return 'time' }
    # Whoever reads the manifest takes four times as much, and 20,000 members.
    if ($Archive.manifest_bytes -gt 4194304) { return 'number' }
    if ($Archive.left -lt 4096) { 'size' }
}

Function Get-VmbUnread {
    # Why a file cannot be read, as the manifest has it.
    param ([System.Management.Automation.ErrorRecord]$Problem)
    if ($Problem.Exception.GetBaseException() -is [System.IO.InvalidDataException]) { 'not_text' } else { "unreadable: $(Get-VmbFault $Problem)" }
}

Function Add-VmbLeftOut {
    param ([System.Collections.IDictionary]$Archive, [System.Collections.IDictionary]$Found, [string]$Reason)
    if ($Archive.left_out.Count -ge 2000) { $Archive.more_left_out++; return }
    $null = $Archive.left_out.Add(@{ path = $Found.path; bytes = $Found.size; modified = $Found.modified; reason = $Reason })
}

Function Add-VmbLines {
    # Takes in lines of our own making, such as events.
    param ([System.Collections.IDictionary]$Archive, [string]$Name, [string[]]$Line)
    $pieces = [System.Collections.Queue]::new()
    for ($at = 0; $at -lt $Line.Count; $at += 200) { $pieces.Enqueue((@($Line[$at..[Math]::Min($at + 199, $Line.Count - 1)]) -join "`n") + "`n") }
    $redactor = $Archive.redactor
    $next = {
        if (-not $pieces.Count) { return }
        $text = $pieces.Dequeue()
        if ($redactor) { $text = Hide-VmbPiece $redactor $text }
        , [System.Text.Encoding]::UTF8.GetBytes($text)
    }.GetNewClosure()
    Write-VmbMember $Archive $Name @{} (& $next) $next
}

Function Add-VmbDocument {
    # Takes in facts that are without secrets already.
    param ([System.Collections.IDictionary]$Archive, [string]$Name, [string]$Text)
    Write-VmbMember $Archive $Name @{} ([System.Text.Encoding]::UTF8.GetBytes($Text)) { }
}

Function Write-VmbMember {
    # $First are the first bytes: nothing is in the archive before they could be read. $Next gives the next ones, $null at the end.
    param ([System.Collections.IDictionary]$Archive, [string]$Name, [System.Collections.IDictionary]$Facts, [byte[]]$First, [scriptblock]$Next)
    # Not SHA256Managed, which Windows refuses where only certified algorithms are allowed.
    $digest = [System.Security.Cryptography.SHA256CryptoServiceProvider]::new()
    $size = 0L
    $stream = $Archive.zip.CreateEntry($Name).Open()
    try {
        $bytes = $First
        while ($bytes) {
            $null = $digest.TransformBlock($bytes, 0, $bytes.Length, $bytes, 0)
            $stream.Write($bytes, 0, $bytes.Length)
            $size += $bytes.Length
            if ($Archive.drive.AvailableFreeSpace -lt 67108864) { throw "Cannot write '$($Archive.path)': less than 64 MiB are free there" }
            if ($Archive.clock.Elapsed.TotalSeconds -gt $Archive.limits.seconds) { $Facts.incomplete = 'time'; break }
            # Text can grow: in JSON, a letter may become six.
            if ($size -gt $Archive.left) { $Facts.incomplete = 'size'; break }
            try { $bytes = & $Next } catch { $Facts.incomplete = Get-VmbUnread $_; break }
        }
    }
    finally { $stream.Dispose() }
    $null = $digest.TransformFinalBlock([byte[]]::new(0), 0, 0)
    $Facts.name = $Name
    $Facts.size = $size
    $Facts.sha256 = Format-VmbDigest $digest.Hash
    $digest.Dispose()
    $Archive.left -= $size
    if ($Archive.redactor) {
        $taken = Get-VmbRedaction $Archive.redactor
        $Facts.redacted = @(Format-VmbCount $taken.counts)
        if ($taken.lines_cut) { $Facts.lines_cut = $taken.lines_cut }
        foreach ($pair in $taken.counts.GetEnumerator()) { $Archive.redacted[$pair.Key] += $pair.Value }
    }
    $null = $Archive.files.Add($Facts)
    $Archive.manifest_bytes += (ConvertTo-VmbJson $Facts).Length
}

Function Format-VmbDigest {
    param ([byte[]]$Digest)
    -join @($Digest | ForEach-Object { '{0:x2}' -f $_ })
}

Function Get-VmbMemberName {
    # C:\WindowsAzure\Logs\x.log is files/C/WindowsAzure/Logs/x.log.
    param ([string]$Path)
    'files/' + $Path.Replace('\', '/').Replace(':', '').TrimStart('/')
}

Function Close-VmbArchive {
    # Writes the manifest and gives it.
    param ([System.Collections.IDictionary]$Archive, [System.Collections.IDictionary]$Facts)
    $manifest = $Facts + @{
        schema = 1; kind = 'vmbackup.evidence'; created = Format-VmbTime ([DateTime]::UtcNow); host = [System.Environment]::MachineName
        is_redacted = [bool]$Archive.redactor; limits = $Archive.limits; files = $Archive.files; left_out = $Archive.left_out
        more_left_out = $Archive.more_left_out; redacted = @(Format-VmbCount $Archive.redacted)
    }
    $bytes = [System.Text.Encoding]::UTF8.GetBytes((ConvertTo-VmbJson $manifest))
    $stream = $Archive.zip.CreateEntry('manifest.json').Open()
    try { $stream.Write($bytes, 0, $bytes.Length) } finally { $stream.Dispose() }
    $Archive.zip.Dispose()
    $Archive.file.Flush($true)
    $Archive.file.Dispose()
    $manifest
}

Export-ModuleMember -Function '*-Vmb*'
