# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause

# JSON that a controller reads. Shared by the probe and the evidence archive. Private to the collection.

Function ConvertTo-VmbJson {
    # Tables, lists, text, numbers, truth and nothing as JSON in plain ASCII. ConvertTo-Json of Windows PowerShell 5.1 writes
    # some lists and texts as tables of their properties, depending on where they came from.
    param ($Value)
    $text = [System.Text.StringBuilder]::new()
    Add-VmbJson $text $Value
    $text.ToString()
}

Function Add-VmbJson {
    param ([System.Text.StringBuilder]$Text, $Value)
    if ($Value -is [psobject]) { $Value = $Value.PSObject.BaseObject }
    $mark = ''
    if ($null -eq $Value) { $null = $Text.Append('null') }
    elseif ($Value -is [bool]) { $null = $Text.Append($(if ($Value) { 'true' } else { 'false' })) }
    elseif ($Value -is [System.Collections.IDictionary]) {
        $null = $Text.Append('{')
        # Not by .Keys: that would be the entry of this name, where there is one.
        foreach ($pair in $Value.GetEnumerator()) {
            $null = $Text.Append($mark).Append((Format-VmbJsonText ([string]$pair.Key))).Append(':')
            Add-VmbJson $Text $pair.Value
            $mark = ','
        }
        $null = $Text.Append('}')
    }
    elseif ($Value -is [System.Collections.IEnumerable] -and $Value -isnot [string]) {
        $null = $Text.Append('[')
        foreach ($item in $Value) {
            $null = $Text.Append($mark)
            Add-VmbJson $Text $item
            $mark = ','
        }
        $null = $Text.Append(']')
    }
    elseif ($Value.GetType().IsPrimitive -and $Value -isnot [char]) {
        $number = $Value.ToString([System.Globalization.CultureInfo]::InvariantCulture)
        # Infinity and what is no number have no form in JSON.
        $null = $Text.Append($(if ($number -match '^-?\d') { $number } else { 'null' }))
    }
    else { $null = $Text.Append((Format-VmbJsonText ([string]$Value))) }
}

Function Format-VmbJsonText {
    param ([string]$Text)
    $escape = { param ($match) '\u{0:x4}' -f [int]$match.Value[0] }
    '"' + [regex]::Replace($Text, '["\\\x00-\x1f\x7f-\uffff]', $escape) + '"'
}

Export-ModuleMember -Function '*-Vmb*'
