# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Assertions on the cmdlets against documented PowerShell 7 behaviour.
# Run: pwsh -NoProfile -File selftest.ps1      exit code = number of failures
$ErrorActionPreference = 'Stop'
$script:n = 0; $script:bad = 0
function Is($name, $got, $want) {
    $script:n++
    $g = if ($null -eq $got) { '<null>' } else { @($got) -join '|' }
    $w = if ($null -eq $want) { '<null>' } else { @($want) -join '|' }
    if ($g -cne $w) { $script:bad++; [Console]::Out.WriteLine("FAIL $name`n  got:  $g`n  want: $w") }
}
function Throws($name, [scriptblock]$sb, $id) {
    $e = $null
    try { $null = & $sb } catch { $e = $_ }
    Is $name ($null -ne $e -and ($e.FullyQualifiedErrorId -like $id)) $true
    if ($null -eq $e) { [Console]::Out.WriteLine("  $name did not throw") } elseif ($e.FullyQualifiedErrorId -notlike $id) { [Console]::Out.WriteLine("  id: " + $e.FullyQualifiedErrorId) }
}
$tmp = Join-Path ([IO.Path]::GetTempPath()) ('pshost-' + [guid]::NewGuid().ToString('N'))
$null = New-Item -ItemType Directory -Path $tmp
$s = [IO.Path]::DirectorySeparatorChar
try {
    # items
    Is 'New-Item dir exists' (Test-Path -LiteralPath $tmp -PathType Container) $true
    $f = Join-Path $tmp 'a.txt'
    Is 'New-Item file' (New-Item -ItemType File -Path $f -Value "one`ntwo`nthree").Name 'a.txt'
    Is 'Test-Path leaf' (Test-Path $f -PathType Leaf) $true
    Is 'Test-Path not container' (Test-Path $f -PathType Container) $false
    Is 'Test-Path missing' (Test-Path (Join-Path $tmp 'nope')) $false
    Is 'Test-Path empty string' (Test-Path '   ') $false
    Is 'Get-Content lines' (Get-Content $f) @('one', 'two', 'three')
    Is 'Get-Content -Raw' (Get-Content $f -Raw) "one`ntwo`nthree"
    Is 'Get-Content -TotalCount' (Get-Content $f -TotalCount 1) 'one'
    Is 'Get-Content -Tail' (Get-Content $f -Tail 2) @('two', 'three')
    Is 'Get-Content -ReadCount 0' (Get-Content $f -ReadCount 0).Count 3
    Is 'Get-Content note property' (Get-Content $f -TotalCount 1).PSChildName 'a.txt'
    Set-Content $f 'x', 'y'
    Is 'Set-Content' (Get-Content $f) @('x', 'y')
    Set-Content $f -Value 'ä' -NoNewline
    Is 'Set-Content utf8 no BOM' ([IO.File]::ReadAllBytes($f)) @(195, 164)
    Add-Content $f 'z'
    Is 'Add-Content' (Get-Content $f) @('äz')
    'p', 'q' | Set-Content $f
    Is 'Set-Content pipeline' (Get-Content $f) @('p', 'q')
    Clear-Content $f
    Is 'Clear-Content' (Get-Item $f).Length 0
    Throws 'Get-Item missing' { Get-Item (Join-Path $tmp 'nope') } 'PathNotFound,Microsoft.PowerShell.Commands.GetItemCommand'
    Throws 'Get-Content missing' { Get-Content (Join-Path $tmp 'nope') } 'PathNotFound,Microsoft.PowerShell.Commands.GetContentCommand'
    Throws 'Get-ChildItem missing' { Get-ChildItem (Join-Path $tmp 'nope') } 'PathNotFound,Microsoft.PowerShell.Commands.GetChildItemCommand'
    Throws 'Remove-Item missing' { Remove-Item (Join-Path $tmp 'nope') } 'PathNotFound,Microsoft.PowerShell.Commands.RemoveItemCommand'
    $d = Join-Path $tmp 'd'; $null = New-Item -ItemType Directory "$d/e" -Force
    1..3 | ForEach-Object { Set-Content (Join-Path $d "f$_.log") $_ }
    Set-Content (Join-Path $d 'e/deep.txt') 'deep'
    Is 'Get-ChildItem count' (Get-ChildItem $d).Count 4
    Is 'Get-ChildItem -File' (Get-ChildItem $d -File).Count 3
    Is 'Get-ChildItem -Directory -Name' (Get-ChildItem $d -Directory -Name) 'e'
    Is 'Get-ChildItem -Filter' (Get-ChildItem $d -Filter f1*).Name 'f1.log'
    Is 'Get-ChildItem -Recurse -Include' (Get-ChildItem $d -Recurse -Include *.txt).Name 'deep.txt'
    Is 'Get-ChildItem -Exclude' (Get-ChildItem $d -Exclude *.log).Name 'e'
    Copy-Item $d (Join-Path $tmp 'c') -Recurse
    Is 'Copy-Item -Recurse' (Get-Content (Join-Path $tmp 'c/e/deep.txt')) 'deep'
    Rename-Item (Join-Path $tmp 'c') 'cc'
    Is 'Rename-Item' (Test-Path (Join-Path $tmp 'cc')) $true
    Move-Item (Join-Path $tmp 'cc/f1.log') (Join-Path $tmp 'moved.log')
    Is 'Move-Item' (Test-Path (Join-Path $tmp 'moved.log')) $true
    Remove-Item (Join-Path $tmp 'cc') -Recurse -WhatIf *> $null
    Is 'Remove-Item -WhatIf' (Test-Path (Join-Path $tmp 'cc')) $true
    Remove-Item (Join-Path $tmp 'cc') -Recurse
    Is 'Remove-Item -Recurse' (Test-Path (Join-Path $tmp 'cc')) $false
    $br = Join-Path $tmp 'x[1].txt'; [IO.File]::WriteAllText($br, 'b')
    Is 'LiteralPath with brackets' (Get-Content -LiteralPath $br) 'b'
    Is 'Path with brackets is a pattern' (Test-Path $br) $false
    # paths
    Is 'Join-Path' (Join-Path 'a' 'b') "a${s}b"
    Is 'Join-Path more' (Join-Path a b c d) "a${s}b${s}c${s}d"
    Is 'Split-Path parent' (Split-Path "a${s}b${s}c.txt") "a${s}b"
    Is 'Split-Path -Leaf' (Split-Path "a${s}b${s}c.txt" -Leaf) 'c.txt'
    Is 'Split-Path -LeafBase' (Split-Path 'a/c.txt' -LeafBase) 'c'
    Is 'Split-Path -Extension' (Split-Path 'a/c.txt' -Extension) '.txt'
    Is 'Split-Path -IsAbsolute' (Split-Path 'a' -IsAbsolute) $false
    Push-Location $tmp; Is 'Push-Location' (Split-Path (Get-Location).Path -Leaf) (Split-Path $tmp -Leaf)
    Is 'Resolve-Path -Relative' (Resolve-Path a.txt -Relative) ".${s}a.txt"
    Is 'Convert-Path' (Split-Path (Convert-Path ./a.txt) -Leaf) 'a.txt'
    Pop-Location
    # other providers
    $env:PSHOST_T = 'v'; Is 'env provider' (Get-Item Env:PSHOST_T).Value 'v'
    Remove-Item Env:PSHOST_T; Is 'Remove-Item env' (Test-Path Env:PSHOST_T) $false
    Is 'function provider' (Test-Path function:Is) $true
    $null = New-PSDrive -Name tt -PSProvider FileSystem -Root $tmp; Is 'New-PSDrive' (Test-Path tt:/a.txt) $true
    Remove-PSDrive tt; Is 'Remove-PSDrive' (@(Get-PSDrive tt -ErrorAction Ignore).Count) 0
    # Select-Object
    $o = [pscustomobject]@{ A = 1; B = 'x'; C = 3 }
    Is 'Select property' (($o | Select-Object A, C).PSObject.Properties.Name) @('A', 'C')
    Is 'Select missing property' ($null -eq ($o | Select-Object Z).Z) $true
    Is 'Select calculated' ($o | Select-Object @{ n = 'D'; e = { $_.A + 1 } }).D 2
    Is 'Select -ExpandProperty' ($o | Select-Object -ExpandProperty B) 'x'
    Throws 'Select -ExpandProperty missing' { $o | Select-Object -ExpandProperty Z } 'ExpandPropertyNotFound,*'
    Is 'Select -ExcludeProperty' (($o | Select-Object * -ExcludeProperty B).PSObject.Properties.Name) @('A', 'C')
    Is 'Select -First' (1..9 | Select-Object -First 2) @(1, 2)
    Is 'Select -Last' (1..9 | Select-Object -Last 2) @(8, 9)
    Is 'Select -Skip' (1..5 | Select-Object -Skip 3) @(4, 5)
    Is 'Select -SkipLast' (1..5 | Select-Object -SkipLast 3) @(1, 2)
    Is 'Select -Index' (1..5 | Select-Object -Index 0, 3) @(1, 4)
    Is 'Select -Unique' (1, 2, 1, 'a', 'A' | Select-Object -Unique) @(1, 2, 'a', 'A')
    $script:cnt = 0; $null = 1..100 | ForEach-Object { $script:cnt++; $_ } | Select-Object -First 3
    Is 'Select -First stops upstream' $script:cnt 3
    Is 'Select type name' (($o | Select-Object A).PSObject.TypeNames[0]) 'Selected.System.Management.Automation.PSCustomObject'
    # Sort, Group, Measure, Compare
    Is 'Sort' (3, 1, 2 | Sort-Object) @(1, 2, 3)
    Is 'Sort -Descending' (3, 1, 2 | Sort-Object -Descending) @(3, 2, 1)
    Is 'Sort numbers as numbers' (10, 9, 100 | Sort-Object) @(9, 10, 100)
    Is 'Sort -Unique' ('b', 'a', 'B' | Sort-Object -Unique).Count 2
    Is 'Sort by two' (@{a = 1; b = 2 }, @{a = 1; b = 1 } | Sort-Object { $_.a }, { $_.b } | ForEach-Object { $_.b }) @(1, 2)
    Is 'Sort hash spec' (@([pscustomobject]@{a = 1 }, [pscustomobject]@{a = 2 } | Sort-Object @{ e = 'a'; Descending = $true }).a) @(2, 1)
    Is 'Sort -Top' (5, 3, 4 | Sort-Object -Top 1) 3
    $g = 'a', 'b', 'a' | Group-Object
    Is 'Group names' $g.Name @('a', 'b'); Is 'Group counts' ($g | ForEach-Object Count) @(2, 1)
    Is 'Group -AsHashTable' ((1..4 | Group-Object { $_ % 2 } -AsHashTable)[0] -join ',') '2,4'
    Is 'Measure sum' (1..4 | Measure-Object -Sum -Average -Maximum -Minimum | ForEach-Object { "$($_.Count),$($_.Sum),$($_.Average),$($_.Maximum),$($_.Minimum)" }) '4,10,2.5,4,1'
    Is 'Measure -Property' ($o | Measure-Object -Property A -Sum).Sum 1
    Is 'Measure text' ('a b', 'c' | Measure-Object -Word).Words 3
    Is 'Compare' (Compare-Object 1, 2, 3 2, 3, 4 | ForEach-Object { "$($_.InputObject)$($_.SideIndicator)" }) @('4=>', '1<=')
    Is 'Compare -IncludeEqual' (@(Compare-Object a A -IncludeEqual).SideIndicator) '=='
    Is 'Get-Unique' (1, 1, 2, 2, 1 | Get-Unique) @(1, 2, 1)
    # objects
    Is 'New-Object' (New-Object System.Version 1, 2).ToString() '1.2'
    Is 'New-Object -Property' (New-Object psobject -Property @{ q = 5 }).q 5
    Is 'New-Object generic' (New-Object 'System.Collections.Generic.List[int]').Count 0
    Is 'New-Object array arg' (New-Object -TypeName System.Collections.ArrayList -ArgumentList (, @(1, 2))).Count 2
    Throws 'New-Object unknown' { New-Object No.Such.Type } 'TypeNotFound,*'
    Is 'Add-Member note' ($o | Add-Member -NotePropertyName N -NotePropertyValue 7 -PassThru).N 7
    $o | Add-Member -MemberType ScriptProperty -Name SP -Value { $this.A + 10 }; Is 'Add-Member script' $o.SP 11
    $o | Add-Member ScriptMethod Mth { param($x) $x * 2 }; Is 'Add-Member method' $o.Mth(4) 8
    Throws 'Add-Member exists' { $o | Add-Member -NotePropertyName N -NotePropertyValue 8 } 'MemberAlreadyExists,*'
    Is 'Get-Member' ('s' | Get-Member Length).MemberType 'Property'
    # JSON
    Is 'ConvertTo-Json compress' (ConvertTo-Json @{ a = 1 } -Compress) '{"a":1}'
    Is 'ConvertTo-Json nested depth' (ConvertTo-Json @{ a = @{ b = @{ c = @{ d = 1 } } } } -Compress -WarningAction SilentlyContinue) '{"a":{"b":{"c":"System.Collections.Hashtable"}}}'
    Is 'ConvertTo-Json -Depth' (ConvertTo-Json @{ a = @{ b = @{ c = @{ d = 1 } } } } -Compress -Depth 5) '{"a":{"b":{"c":{"d":1}}}}'
    Is 'ConvertTo-Json array' (1, 2 | ConvertTo-Json -Compress) '[1,2]'
    Is 'ConvertTo-Json single' (1 | ConvertTo-Json -Compress) '1'
    Is 'ConvertTo-Json -AsArray' (1 | ConvertTo-Json -Compress -AsArray) '[1]'
    Is 'ConvertTo-Json null' (ConvertTo-Json $null) 'null'
    Is 'ConvertTo-Json types' (ConvertTo-Json ([ordered]@{ s = "a`"b`n"; t = $true; d = 1.5; n = $null; e = [DayOfWeek]::Monday; l = @() }) -Compress) '{"s":"a\"b\n","t":true,"d":1.5,"n":null,"e":1,"l":[]}'
    Is 'ConvertTo-Json enum string' (ConvertTo-Json @{ e = [DayOfWeek]::Monday } -Compress -EnumsAsStrings) '{"e":"Monday"}'
    Is 'ConvertTo-Json date' (ConvertTo-Json ([datetime]::new(2020, 1, 2, 3, 4, 5, [DateTimeKind]::Utc)) -Compress) '"2020-01-02T03:04:05Z"'
    Is 'ConvertTo-Json pretty' (ConvertTo-Json ([ordered]@{ a = 1; b = @(1, 2) })) ('{|  "a": 1,|  "b": [|    1,|    2|  ]|}'.Replace('|', [Environment]::NewLine))
    Is 'ConvertTo-Json .NET object' (ConvertTo-Json ([version]'1.2.3.4') -Compress) '{"Major":1,"Minor":2,"Build":3,"Revision":4,"MajorRevision":0,"MinorRevision":4}'
    $j = '{"a":1,"b":[1,2.5,"x",null],"c":{"d":true},"big":12345678901}' | ConvertFrom-Json
    Is 'ConvertFrom-Json int' $j.a.GetType().Name 'Int64'; Is 'ConvertFrom-Json list' $j.b.Count 4; Is 'ConvertFrom-Json nested' $j.c.d $true; Is 'ConvertFrom-Json double' $j.b[1] 2.5
    Is 'ConvertFrom-Json date' ('"2020-01-02T03:04:05Z"' | ConvertFrom-Json).GetType().Name 'DateTime'
    Is 'ConvertFrom-Json -DateKind String' ('"2020-01-02T03:04:05Z"' | ConvertFrom-Json -DateKind String) '2020-01-02T03:04:05Z'
    Is 'ConvertFrom-Json -AsHashtable' (('{"b":1,"a":{"c":2}}' | ConvertFrom-Json -AsHashtable).a.c) 2
    Is 'ConvertFrom-Json -AsHashtable order' (('{"b":1,"a":2,"A":3}' | ConvertFrom-Json -AsHashtable).Keys) @('b', 'a', 'A')
    Is 'ConvertFrom-Json lines' ('{"a":', '1}' | ConvertFrom-Json).a 1
    Is 'ConvertFrom-Json array enumerates' (@('[1,2,3]' | ConvertFrom-Json).Count) 3
    Is 'ConvertFrom-Json -NoEnumerate' (@('[1,2,3]' | ConvertFrom-Json -NoEnumerate).Count) 1
    Throws 'ConvertFrom-Json bad' { '{"a":' | ConvertFrom-Json } 'System.ArgumentException,*'
    Throws 'ConvertFrom-Json case keys' { '{"a":1,"A":2}' | ConvertFrom-Json } 'System.ArgumentException,*'
    # CSV, CLIXML
    Is 'ConvertTo-Csv' ($o | Select-Object A, B | ConvertTo-Csv) @('"A","B"', '"1","x"')
    Is 'ConvertTo-Csv AsNeeded' ([pscustomobject]@{ a = 'x,y'; b = 'z' } | ConvertTo-Csv -UseQuotes AsNeeded)[1] '"x,y",z'
    Is 'ConvertFrom-Csv' ('a,b', '"1,5",2' | ConvertFrom-Csv).a '1,5'
    [pscustomobject]@{ a = 1 } | Export-Csv "$tmp/x.csv"; Is 'Import-Csv' (Import-Csv "$tmp/x.csv").a '1'
    @{ k = 1 } | Export-Clixml "$tmp/x.xml"; Is 'Import-Clixml' (Import-Clixml "$tmp/x.xml").k 1
    # streams
    Is 'Write-Output' (Write-Output 1, 2) @(1, 2)
    Is 'Write-Output -NoEnumerate' (@(Write-Output 1, 2 -NoEnumerate).Count) 1
    Is 'Write-Warning' (Write-Warning w 3>&1).Message 'w'
    Is 'Write-Verbose off' (Write-Verbose w 4>&1) $null
    Is 'Write-Verbose on' (Write-Verbose w -Verbose 4>&1).Message 'w'
    Is 'Write-Information' (Write-Information i 6>&1).MessageData 'i'
    Is 'Write-Host is information' (Write-Host h 6>&1).ToString() 'h'
    $e = $null; Write-Error 'boom' -ErrorId X -ErrorAction SilentlyContinue -ErrorVariable e; Is 'Write-Error id' ($e[0].FullyQualifiedErrorId -replace ',.*') 'X'
    Throws 'Write-Error stop' { Write-Error 'boom' } 'Microsoft.PowerShell.Commands.WriteErrorException*'
    # variables and aliases
    Set-Variable v1 5; Is 'Set-Variable' $v1 5
    & { Set-Variable v2 6 -Scope 1 }; Is 'Set-Variable -Scope 1' $v2 6
    & { Set-Variable v1 9 }; Is 'Set-Variable local' $v1 5
    Is 'Get-Variable -ValueOnly' (Get-Variable v1 -ValueOnly) 5
    Throws 'Get-Variable missing' { Get-Variable nosuchvar } 'VariableNotFound,*'
    Remove-Variable v1; Is 'Remove-Variable' (Test-Path variable:v1) $false
    Set-Variable ro 1 -Option ReadOnly; Throws 'ReadOnly variable' { Set-Variable ro 2 -Scope 2 } 'VariableNotWritable*'
    Set-Alias zz Get-Date; Is 'Set-Alias' (Get-Alias zz).Definition 'Get-Date'
    Is 'built-in alias' (Get-Alias gci).Definition 'Get-ChildItem'
    # text, date, misc
    Is 'Out-String' ('a', 'b' | Out-String) ('a', 'b', '' -join [Environment]::NewLine)
    Is 'Out-String -Stream' (@('a', 'b' | Out-String -Stream).Count) 2
    'o1' | Out-File "$tmp/o.txt"; 'o2' >> "$tmp/o.txt"; Is 'Out-File and >>' (Get-Content "$tmp/o.txt") @('o1', 'o2')
    Is 'Format-Table' (([pscustomobject]@{ A = 1; B = 2 } | Format-Table | Out-String -Stream | Where-Object { $_ })[0].Trim()) 'A B'
    Is 'Format-List' (([pscustomobject]@{ A = 1 } | Format-List | Out-String).Trim()) 'A : 1'
    Is 'Select-String' ('abc', 'xbz', 'q' | Select-String 'b').Line @('abc', 'xbz')
    Is 'Select-String -Quiet' ('abc' | Select-String 'z' -Quiet) $false
    Is 'Select-String -SimpleMatch' ('a.c', 'abc' | Select-String 'a.c' -SimpleMatch).Line 'a.c'
    Is 'Get-Date -Format' (Get-Date '2020-01-02 03:04:05' -Format 'yyyyMMddHHmmss') '20200102030405'
    Is 'Get-Date -UFormat' (Get-Date '2020-01-02' -UFormat '%Y-%m-%d') '2020-01-02'
    Is 'Get-Date parts' (Get-Date -Year 2001 -Month 2 -Day 3).ToString('yyyy-MM-dd') '2001-02-03'
    Is 'New-TimeSpan' (New-TimeSpan -Hours 1 -Minutes 30).TotalMinutes 90
    Is 'Get-Random range' (1..20 | ForEach-Object { Get-Random -Minimum 3 -Maximum 5 } | Where-Object { $_ -lt 3 -or $_ -gt 4 }) $null
    Is 'Get-Random list' ((1..9 | Get-Random -Count 9 | Sort-Object) -join '') '123456789'
    [IO.File]::WriteAllText("$tmp/h", 'abc'); Is 'Get-FileHash' (Get-FileHash "$tmp/h").Hash 'BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD'
    Is 'Get-FileHash MD5' (Get-FileHash "$tmp/h" -Algorithm MD5).Hash '900150983CD24FB0D6963F7D28E17F72'
    Is 'Invoke-Expression' (Invoke-Expression '1 + 2') 3
    Invoke-Expression '$iexv = 4'; Is 'Invoke-Expression scope' $iexv 4
    Is 'Measure-Command' (Measure-Command { Start-Sleep -Milliseconds 30 }).GetType().Name 'TimeSpan'
    Is 'Tee-Object' (1, 2 | Tee-Object -Variable tv).Count 2; Is 'Tee-Object var' $tv @(1, 2)
    Is 'Add-Type source' $(Add-Type 'public static class PsHostT1 { public static int F() { return 42; } }'; [PsHostT1]::F()) 42
    $mt = Add-Type -MemberDefinition 'public static string G() { return "g"; }' -Name PsHostT2 -Namespace Nsx -PassThru; Is 'Add-Type member' $mt::G() 'g'
    Throws 'Add-Type error' { Add-Type 'public class Broken { int }' } '*'
    Is 'SecureString round trip' (ConvertFrom-SecureString (ConvertTo-SecureString 'pw' -AsPlainText -Force) -AsPlainText) 'pw'
    Is 'Get-Process self' (Get-Process -Id $PID).Id $PID
    Throws 'Get-Process missing' { Get-Process -Name nosuchprocess123 } 'NoProcessFoundForGivenName,*'
    Is 'Get-Command auto loads' (Get-Command ConvertTo-Json).Source 'Microsoft.PowerShell.Utility'
    Is 'Get-Culture' ([cultureinfo]'de-DE').Name 'de-DE'
    Throws 'unknown parameter is an error' { Get-ChildItem -NoSuchParameter 1 } 'NamedParameterNotFound*'
    $q = [powershell]::Create([initialsessionstate]::CreateDefault2()); Is 'fresh runspace loads cmdlets' ($q.AddScript('"[1,2]" | ConvertFrom-Json | Measure-Object -Sum | ForEach-Object Sum').Invoke()[0]) 3; $q.Dispose()
    $q = [powershell]::Create(); Is 'default runspace has cmdlets' ($q.AddScript('1, 2 | Measure-Object -Sum | ForEach-Object Sum').Invoke()[0]) 3; $q.Dispose()
    # platform
    if ($IsWindows) {
        $k = 'HKCU:\Software\PsHostTest'; $null = New-Item $k -Force
        $null = New-ItemProperty $k -Name dw -Value 7 -PropertyType DWord
        Is 'registry DWord' (Get-ItemProperty $k).dw 7; Is 'registry value' (Get-ItemPropertyValue $k -Name dw) 7
        Set-ItemProperty $k -Name st -Value 'text'; Is 'registry string' (Get-Item $k).GetValueKind('st') 'String'
        Set-ItemProperty $k -Name bn -Value ([byte[]](1, 2)) -Type Binary; Is 'registry binary' (Get-ItemProperty $k).bn @(1, 2)
        Remove-ItemProperty $k -Name st; Is 'registry remove value' ($null -eq (Get-ItemProperty $k).st) $true
        Remove-Item $k -Recurse; Is 'registry remove key' (Test-Path $k) $false
        Is 'Get-Service' (@(Get-Service).Count -gt 0) $true
        Throws 'Get-Service missing' { Get-Service nosuchsvc } 'NoServiceFoundForGivenName,*'
        Is 'New-Object -ComObject' (New-Object -ComObject WScript.Shell).ExpandEnvironmentStrings('%OS%').TrimEnd([char]0) 'Windows_NT'
        Is 'Get-CimInstance' (@(Get-CimInstance Win32_OperatingSystem).Count) 1
        Is 'Get-Acl' ((Get-Acl $env:windir).GetType().Name) 'DirectorySecurity'
    }
    else {
        Throws 'Get-Service not here' { Get-Service } 'NotSupported,*'
        Throws 'Get-CimInstance not here' { Get-CimInstance Win32_OperatingSystem } 'NotSupported,*'
        Is 'native command' (/bin/echo hi) 'hi'
        $null = /bin/sh -c 'exit 3'; Is 'LASTEXITCODE' $LASTEXITCODE 3
        $p = Start-Process /bin/sh -ArgumentList '-c', '"echo so; exit 4"' -Wait -PassThru -RedirectStandardOutput "$tmp/so"; Is 'Start-Process exit' $p.ExitCode 4; Is 'Start-Process stdout' (Get-Content "$tmp/so") 'so'
        $null = New-Item -ItemType SymbolicLink -Path "$tmp/ln" -Target "$tmp/h"; Is 'symlink LinkType' (Get-Item "$tmp/ln").LinkType 'SymbolicLink'
    }
}
catch { $script:bad++; [Console]::Out.WriteLine("ABORTED: $_`n$($_.ScriptStackTrace)") }
finally { Remove-Item -LiteralPath $tmp -Recurse -Force -ErrorAction Ignore }
[Console]::Out.WriteLine("selftest: $script:n assertions, $script:bad failed")
exit $script:bad
