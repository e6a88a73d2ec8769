# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause

# Which files of a Windows guest are evidence, found without following a link, and their newest part as text in bounded memory.
# Private to the collection.

Function Get-VmbEvidencePlace {
    # Folders, and patterns below them, of which ** is a folder with all below it. first: goes in before logs.
    param ([System.Collections.IDictionary]$System, [bool]$ForSupport)
    $plugin = 'Microsoft.Azure.RecoveryServices.VMSnapshot'
    $place = { param ($Base, $First, $Patterns) foreach ($one in $Patterns) { @{ base = $Base; steps = $one.Split('/'); first = $First } } }
    $names = 'RuntimeSettings/*.settings', 'Status/*', 'HandlerManifest.json', 'HandlerEnvironment.json'
    & $place $System.drive $true @($names | ForEach-Object { "Packages/Plugins/$plugin/*/$_" })
    & $place $System.drive $true @('WindowsAzure/GuestAgent_*/*.exe.config')
    & $place $System.root $true @('Panther/VmAgentInstaller.xml', 'Microsoft.NET/Framework64/v4.0.30319/Config/machine.config')
    & $place $System.drive $false @('WindowsAzure/Logs/*.log*', 'WindowsAzure/Logs/AggregateStatus/*.json', "WindowsAzure/Logs/Plugins/$plugin/**")
    if (-not $ForSupport) { return }
    & $place $System.drive $false @('WindowsAzure/Logs/**', 'WindowsAzure/config/*.xml')
    & $place $System.root $false @('Panther/WaSetup.*', 'Panther/UnattendGC/*.log', 'Panther/setupact.log')
}

Function Find-VmbEvidence {
    # The files, those that decide most first, then the newest; and whether there were too many to list.
    param ([System.Collections.IDictionary]$System, [bool]$ForSupport)
    $walk = @{ left = 50000; found = @{} }
    foreach ($place in Get-VmbEvidencePlace $System $ForSupport) { Add-VmbFound $walk $place.base $place.steps $place.first 8 }
    $order = @{ Expression = { -not $_.first } }, @{ Expression = { $_.modified }; Descending = $true }, @{ Expression = { $_.path } }
    @{ files = @($walk.found.Values | Sort-Object -Property $order); is_cut = $walk.left -le 0 }
}

Function Add-VmbFound {
    # kind: file, link, or why a folder cannot be listed.
    param ([System.Collections.IDictionary]$Walk, [string]$Folder, [string[]]$Step, [bool]$First, [int]$Depth)
    $is_last = $Step.Count -eq 1
    try { $entries = @(Get-VmbFolder $Folder) }
    catch {
        $Walk.found[$Folder] = @{ path = $Folder; size = 0; modified = $null; first = $First; kind = "unreadable: $(Get-VmbFault $_)" }
        return
    }
    foreach ($entry in $entries) {
        if ($Walk.left-- -le 0) { return }
        $path = [System.IO.Path]::Combine($Folder, $entry.name)
        if ($entry.folder) {
            if ($entry.link -or $Depth -le 0) { continue }
            if ($is_last -and $Step[0] -eq '**') { Add-VmbFound $Walk $path $Step $First ($Depth - 1) }
            elseif (-not $is_last -and $entry.name -like $Step[0]) { Add-VmbFound $Walk $path $Step[1..($Step.Count - 1)] $First $Depth }
        }
        elseif ($is_last -and $entry.name -like $Step[0] -and -not $Walk.found.Contains($path)) {
            $kind = if ($entry.link) { 'link' } else { 'file' }
            $Walk.found[$path] = @{ path = $path; size = $entry.size; modified = $entry.modified; first = $First; kind = $kind }
        }
    }
}

Function Open-VmbSource {
    # The last $Limit bytes of a file; no more than there are now, though a log may grow. Close its stream.
    param ([string]$Path, [long]$Limit, [bool]$AsText)
    # Writers of logs keep their files open: anything less than full sharing fails on them.
    $stream = [System.IO.FileStream]::new($Path, 'Open', 'Read', 'ReadWrite, Delete')
    try {
        $size = $stream.Length
        $first = [Math]::Max(0L, $size - $Limit)
        $encoding = if ($AsText) { Get-VmbEncoding $stream }
        # A letter of UTF-16 has two bytes.
        if ($encoding -and -not $encoding.IsSingleByte -and $encoding.CodePage -ne 65001) { $first += $first % 2 }
        $null = $stream.Seek($first, 'Begin')
    }
    catch { $stream.Dispose(); throw }
    @{ stream = $stream; size = $size; first = $first; left = $size - $first; rest = ''; skipping = $first -gt 0
        decoder = if ($encoding) { $encoding.GetDecoder() }; bytes = [byte[]]::new(65536); chars = [char[]]::new(65600)
    }
}

Function Get-VmbEncoding {
    # By its mark, else UTF-16 when every other byte at the beginning is zero, else UTF-8.
    param ([System.IO.FileStream]$Stream)
    $begin = [byte[]]::new(512)
    $count = $Stream.Read($begin, 0, $begin.Length)
    $zeros = 0, 0
    for ($at = 0; $at -lt $count; $at++) { if ($begin[$at] -eq 0) { $zeros[$at % 2]++ } }
    if ($count -ge 2 -and $begin[0] -eq 0xFF -and $begin[1] -eq 0xFE) { return [System.Text.Encoding]::Unicode }
    if ($count -ge 2 -and $begin[0] -eq 0xFE -and $begin[1] -eq 0xFF) { return [System.Text.Encoding]::BigEndianUnicode }
    if ($zeros[1] -gt $count / 4 -and $zeros[0] -le $count / 8) { return [System.Text.Encoding]::Unicode }
    if ($zeros[0] -gt $count / 4 -and $zeros[1] -le $count / 8) { return [System.Text.Encoding]::BigEndianUnicode }
    [System.Text.Encoding]::UTF8
}

Function Read-VmbBytes {
    # The next bytes of a source; $null at its end.
    param ([System.Collections.IDictionary]$Source)
    $count = $Source.stream.Read($Source.bytes, 0, [int][Math]::Min($Source.bytes.Length, $Source.left))
    if ($count -le 0) { $Source.left = 0; return }
    $Source.left -= $count
    if ($count -eq $Source.bytes.Length) { return , $Source.bytes.Clone() }
    , [byte[]]$Source.bytes[0..($count - 1)]
}

Function Read-VmbLines {
    # The next whole lines of a source; $null at its end. A first line that is not whole is left away. Throws for what is not text.
    param ([System.Collections.IDictionary]$Source)
    while ($Source.left -gt 0) {
        $bytes = Read-VmbBytes $Source
        if ($null -eq $bytes) { break }
        $count = $Source.decoder.GetChars($bytes, 0, $bytes.Length, $Source.chars, 0)
        # A power failure leaves zeros in a log.
        $text = [string]::new($Source.chars, 0, $count).Replace([string][char]0, '').Replace([string][char]0xFEFF, '')
        if ([regex]::Matches($text, '[\x01-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f\ufffd]').Count -gt $text.Length * 0.1) { throw [System.IO.InvalidDataException]::new('not_text') }
        $begin = $text.IndexOf([char]10) + 1
        if (-not $begin) {
            if ($Source.skipping) { continue }
            $Source.rest += $text
            if ($Source.rest.Length -le 1048576) { continue }
            $lines = $Source.rest + " ...`n"
            $Source.rest = ''
            $Source.skipping = $true
            return $lines
        }
        $end = $text.LastIndexOf([char]10) + 1
        if (-not $Source.skipping) { $begin = 0 }
        $lines = $Source.rest + $text.Substring($begin, $end - $begin)
        $Source.rest = $text.Substring($end)
        $Source.skipping = $false
        if ($lines) { return $lines }
    }
    if ($Source.rest) {
        $Source.rest
        $Source.rest = ''
    }
}

Export-ModuleMember -Function '*-Vmb*'
