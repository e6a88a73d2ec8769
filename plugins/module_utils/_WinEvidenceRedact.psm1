# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause

# Text without its secrets, and a count of each kind: what the masker hides, and what only logs hold. The same as
# _evidence/redact.py, with the same expressions; a test compares the two. Private to the collection.

Function Get-VmbRedactionText {
    # The expressions by name, and the kinds of secrets: a kind, and what stands before one.
    @{
        protected = '((?:protectedSettings|CustomData|(?<=[\"''])script(?=\\{0,8}[\"'']))\\{0,8}[\"'']?\s{0,8}[:=>]\s{0,8}\\{0,8}[\"'']?)(?:[A-Za-z0-9+/=_-]|\\[/nr]|\s){16,}'
        pem = '(-----BEGIN (?!PUBLIC)[A-Z0-9 ]{1,40}-----)(?!\*)(?:[\sA-Za-z0-9+/=]|\\[nr/])+'
        pem_begin = '-----BEGIN (?!PUBLIC)[A-Z0-9 ]{1,40}-----\s*\Z'
        pem_body = '[\s>|#]*[A-Za-z0-9+/=]*\s*\Z'
        masked = '([^\n]{0,64}?)\*{3}'
        joint = '(?<=>)(?=<[\w/])|(?<=[}\]],)(?=[{\"\[\\])'
        kinds = @(
            , @('protected_settings', 'protectedSettings\W*\Z')
            , @('custom_data', 'CustomData\W*\Z')
            , @('scripts', '[\"'']script\W*\Z')
            , @('certificates', '-----BEGIN [A-Z0-9 ]*(?:CERTIFICATE|PKCS7|CMS)[A-Z0-9 ]*-----\Z')
            , @('private_keys', '-----BEGIN [A-Z0-9 ]*-----\Z')
            , @('sas_signatures', '(?:\bsig|signature)\W*\Z')
            , @('passwords', 'pass|pwd|credential')
            , @('tokens', 'token|bearer|auth|cookie|negotiate|basic|eyJ')
            , @('keys', 'key|secret|psk')
        )
    }
}

Function New-VmbRedactor {
    # Takes secrets out of one text after the other; counts, and lines that were cut, are those since the last Get-VmbRedaction.
    $texts = Get-VmbRedactionText
    $redactor = @{ counts = @{}; lines_cut = 0; inside = $false; masking = Get-VmbMasking }
    foreach ($name in 'protected', 'joint') { $redactor[$name] = [regex]::new($texts[$name], 'IgnoreCase, CultureInvariant') }
    foreach ($name in 'pem', 'pem_begin', 'masked') { $redactor[$name] = [regex]::new($texts[$name], 'CultureInvariant') }
    $redactor.pem_body = [regex]::new('\A' + $texts.pem_body, 'CultureInvariant')
    $redactor.kinds = @(foreach ($kind in $texts.kinds) { , @($kind[0], [regex]::new($kind[1], 'IgnoreCase, CultureInvariant')) })
    $redactor
}

Function Get-VmbRedaction {
    # What was taken out since the last call: counts by kind, and how many long lines were cut.
    param ([System.Collections.IDictionary]$Redactor)
    @{ counts = $Redactor.counts; lines_cut = $Redactor.lines_cut }
    $Redactor.counts = @{}
    $Redactor.lines_cut = 0
    $Redactor.inside = $false
}

Function Format-VmbCount {
    # As a list: as a table, the masker would take a number for the secret itself.
    param ([System.Collections.IDictionary]$Count)
    # Not by .Keys: that is the entry of this name.
    foreach ($pair in $Count.GetEnumerator() | Sort-Object -Property { $_.Key }) { @{ kind = $pair.Key; count = $pair.Value } }
}

Function Hide-VmbPiece {
    # Whole lines of a text without their secrets. What begins in one piece may end in the next.
    param ([System.Collections.IDictionary]$Redactor, [string]$Text)
    $text = $Redactor.protected.Replace((Skip-VmbPemBody $Redactor $Text), '$1***')
    $text = $Redactor.pem.Replace($text, '$1***')
    if ($text.Length -gt 4096) {
        $lines = foreach ($line in $text.Split([char]10)) {
            if ($line.Length -le 4096) { $line; continue }
            # A long line of XML or JSON as several, which are not cut: nothing is split between a name and its value.
            foreach ($part in $Redactor.joint.Split($line)) {
                if ($part.Length -gt 4096) { $Redactor.lines_cut++ }
                $part
            }
        }
        $text = $lines -join "`n"
    }
    $masked = Hide-VmbSecret $text $Redactor.masking
    Add-VmbCount $Redactor $masked
    $masked
}

Function Hide-VmbDocument {
    # A document of JSON without its secrets, in its form; $null when the text is not one.
    param ([System.Collections.IDictionary]$Redactor, [string]$Text)
    try {
        $members = @((ConvertFrom-Json -InputObject "{`"whole`":$Text}").PSObject.Properties)
        if ($members.Count -ne 1) { return }
        $value = Hide-VmbTree (ConvertTo-VmbTable $Redactor $members[0].Value)
    }
    catch { return }
    $masked = ConvertTo-VmbJson $value
    Add-VmbCount $Redactor $masked
    "$masked`n"
}

Function ConvertTo-VmbTable {
    # What came from JSON as tables and lists, without what is packed or encrypted before it becomes base64; a text in it may hold a document of its own.
    param ([System.Collections.IDictionary]$Redactor, $Value)
    if ($Value -is [System.Management.Automation.PSCustomObject]) {
        $table = [ordered]@{}
        foreach ($member in $Value.PSObject.Properties) {
            $is_protected = $member.Name -in 'protectedSettings', 'CustomData', 'script' -and $member.Value
            $table[$member.Name] = if ($is_protected) { '***' } else { ConvertTo-VmbTable $Redactor $member.Value }
        }
        return $table
    }
    if ($Value -is [array]) { return , @(foreach ($item in $Value) { ConvertTo-VmbTable $Redactor $item }) }
    if ($Value -is [DateTime]) { return Format-VmbTime $Value }
    if ($Value -is [string]) { return $Redactor.pem.Replace($Redactor.protected.Replace($Value, '$1***'), '$1***') }
    $Value
}

Function Skip-VmbPemBody {
    # The text without the lines between BEGIN and END of a key.
    param ([System.Collections.IDictionary]$Redactor, [string]$Text)
    if (-not $Redactor.inside -and $Text.IndexOf('-----BEGIN ') -lt 0) { return $Text }
    $lines = foreach ($line in [regex]::Split($Text, '(?<=\n)')) {
        if (-not $line -or ($Redactor.inside -and $Redactor.pem_body.IsMatch($line))) { continue }
        $Redactor.inside = $Redactor.pem_begin.IsMatch($line)
        if ($Redactor.inside) { $line.TrimEnd() + "***`n" } else { $line }
    }
    -join $lines
}

Function Add-VmbCount {
    # Counts what was masked, by what stands before it.
    param ([System.Collections.IDictionary]$Redactor, [string]$Masked)
    if ($Masked.IndexOf('***') -lt 0) { return }
    foreach ($found in $Redactor.masked.Matches($Masked)) {
        $end = $found.Index + $found.Length
        $before = $Masked.Substring([Math]::Max(0, $end - 67), $end - 3 - [Math]::Max(0, $end - 67))
        $before = $before.Substring([Math]::Max($before.LastIndexOf("`n") + 1, $before.LastIndexOf('***') + 3 * ($before.LastIndexOf('***') -ge 0)))
        $kind = if ($end -lt $Masked.Length -and $Masked[$end] -eq '@') { 'credentials_in_addresses' } else { Get-VmbKind $Redactor $before }
        $Redactor.counts[$kind] = 1 + $Redactor.counts[$kind]
    }
}

Function Get-VmbKind {
    param ([System.Collections.IDictionary]$Redactor, [string]$Before)
    foreach ($kind in $Redactor.kinds) { if ($kind[1].IsMatch($Before)) { return $kind[0] } }
    'others'
}

Export-ModuleMember -Function '*-Vmb*'
