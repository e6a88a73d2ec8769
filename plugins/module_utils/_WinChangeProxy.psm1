# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause

# The kind "winhttp": the machine's WinHTTP proxy, as 64-bit and as 32-bit programs find it. Target: nothing. State: proxy and
# bypass of both, an empty proxy for direct access; exact (the binary values). Private to the collection.

Function Get-VmbProxyTarget {
    # The registry values that hold the settings.
    param ([switch]$Bits32)
    $node = if ($Bits32) { '\WOW6432Node' }
    [ordered]@{ path = "SOFTWARE$node\Microsoft\Windows\CurrentVersion\Internet Settings\Connections"; name = 'WinHttpSettings' }
}

Function ConvertFrom-VmbBlob {
    # Proxy and bypass list of WinHttpSettings. What cannot be read is direct access, as it is for Windows.
    param ([byte[]]$Bytes)
    $found = @{ proxy = ''; bypass = '' }
    if ($null -eq $Bytes -or $Bytes.Length -lt 20 -or -not ($Bytes[8] -band 2)) { return $found }
    $latin1 = [System.Text.Encoding]::GetEncoding(28591)
    $length = [BitConverter]::ToUInt32($Bytes, 12)
    if ($length -gt $Bytes.Length - 20) { return $found }
    $found.proxy = $latin1.GetString($Bytes, 16, $length)
    $rest = [BitConverter]::ToUInt32($Bytes, 16 + $length)
    if ($found.proxy -and $rest -le $Bytes.Length - 20 - $length) { $found.bypass = $latin1.GetString($Bytes, 20 + $length, $rest) }
    $found
}

Function New-VmbProxyState {
    param ([string]$Proxy, [string]$Bypass, [string]$Proxy32 = $Proxy, [string]$Bypass32 = $Bypass, $Exact)
    [ordered]@{ proxy = $Proxy; bypass = $Bypass; proxy_32 = $Proxy32; bypass_32 = $Bypass32; exact = $Exact }
}

Function Read-VmbWinHttp {
    param ($Target)
    $null = $Target
    $values = @((Get-VmbProxyTarget), (Get-VmbProxyTarget -Bits32) | ForEach-Object { Read-VmbRegistry $_ })
    $texts = @(foreach ($value in $values) {
            $bytes = if ($value.type -eq 'REG_BINARY') { [Convert]::FromBase64String($value.exact) }
            ConvertFrom-VmbBlob $bytes
        })
    New-VmbProxyState $texts[0].proxy $texts[0].bypass $texts[1].proxy $texts[1].bypass @{ native = $values[0]; bits32 = $values[1] }
}

Function Write-VmbWinHttp {
    # Through the interface of Windows, which may know more places than these. What stood there before comes back byte for byte.
    param ($Target, $State, $Extra)
    $null = $Target
    try { [Vmbackup.Azure.Native]::SetWinHttpProxy($State.proxy, $State.bypass) }
    catch { throw "Cannot set 'WinHTTP proxy': $(Get-VmbFault $_)" }
    $native, $other = (Get-VmbProxyTarget), (Get-VmbProxyTarget -Bits32)
    if ($State.exact) {
        Write-VmbRegistry $native $State.exact.native
        Write-VmbRegistry $other $State.exact.bits32 $Extra
        return
    }
    $set = Read-VmbRegistry $native
    # A 32-bit program of Windows that sets the proxy writes its own place only.
    if (-not (Test-VmbSame $set (Read-VmbRegistry $other))) { Write-VmbRegistry $other $set }
}

Function ConvertTo-VmbProxyText {
    # host:port as WinHTTP takes it, or name=host:port;name=host:port. The scheme of a URL, which the article writes, goes.
    param ([string]$Proxy)
    $parts = foreach ($part in $Proxy.Trim() -split '[;\s]+') {
        if (-not $part) { continue }
        if ($part.Contains('@')) { throw "Cannot use the proxy '$(Hide-VmbSecret $part)': WinHTTP stores no user or password" }
        $server = '(?<host>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):(?<port>\d{1,5})'
        if ($part -notmatch "^(?<kind>(https?|ftp|socks)=)?([a-z]+://)?$server/?$" -or [int]$Matches.port -lt 1 -or [int]$Matches.port -gt 65535) {
            throw "Cannot use the proxy '$part': write it as host:port"
        }
        "$($Matches['kind'])$($Matches.host):$([int]$Matches.port)"
    }
    if (-not $parts) { throw "Cannot use the proxy '$Proxy': write it as host:port" }
    $parts -join ';'
}

Function ConvertTo-VmbBypassText {
    # The list with the fabric's addresses, which no proxy may get, first; an order that is right already stays.
    param ([string[]]$Entry, [string]$Now)
    $fabric = '168.63.129.16', '169.254.169.254'
    $entries = [System.Collections.ArrayList]::new()
    foreach ($one in @($Entry -split '[;\s]+' | Where-Object { $_ })) { if ($one -notin $entries) { $null = $entries.Add($one) } }
    $missing = @($fabric | Where-Object { $_ -notin $entries })
    $wanted = @($missing) + @($entries)
    $have = @($Now -split '[;\s]+' | Where-Object { $_ })
    if ($have.Count -eq $wanted.Count -and -not @($wanted | Where-Object { $_ -notin $have })) { return $Now }
    $wanted -join ';'
}

Export-ModuleMember -Function '*-Vmb*'
