# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause

# The boundary to the operating system: everything that the probe reads of a Windows guest is read by these functions,
# and nothing here changes anything. Tests put recorded data in their place. Private to the collection.
# No text that Windows translates is ever parsed; nothing is compiled (Add-Type costs seconds).

Function Get-VmbRegistryKey {
    # The values of a key of the 64-bit view, name -> @{type; value}; binary values as base64. $null: no such key.
    param ([string]$Path, [string]$Hive = 'LocalMachine')
    $key = [Microsoft.Win32.RegistryKey]::OpenBaseKey($Hive, 'Registry64').OpenSubKey($Path)
    if ($null -eq $key) { return }
    $names = @{ String = 'REG_SZ'; ExpandString = 'REG_EXPAND_SZ'; Binary = 'REG_BINARY'; DWord = 'REG_DWORD'
        MultiString = 'REG_MULTI_SZ'; QWord = 'REG_QWORD' }
    $found = @{}
    try {
        foreach ($name in $key.GetValueNames()) {
            $kind = [string]$key.GetValueKind($name)
            $value = $key.GetValue($name, $null, 'DoNotExpandEnvironmentNames')
            if ($value -is [byte[]]) { $value = [Convert]::ToBase64String($value) }
            elseif ($value -is [int]) { $value = $value -band 0xFFFFFFFFL }
            $type = $names[$kind]
            if (-not $type) { $type = $kind }
            $found[$name] = @{ type = $type; value = $value }
        }
    }
    finally { $key.Dispose() }
    $found
}

Function Get-VmbRegistryName {
    # The names of the keys below a key; nothing when it does not exist.
    param ([string]$Path, [string]$Hive = 'LocalMachine')
    $key = [Microsoft.Win32.RegistryKey]::OpenBaseKey($Hive, 'Registry64').OpenSubKey($Path)
    if ($null -eq $key) { return }
    try { $key.GetSubKeyNames() } finally { $key.Dispose() }
}

Function Get-VmbRegistrySddl {
    param ([string]$Path)
    $key = [Microsoft.Win32.RegistryKey]::OpenBaseKey('LocalMachine', 'Registry64').OpenSubKey($Path)
    if ($null -eq $key) { return }
    try { $key.GetAccessControl().GetSecurityDescriptorSddlForm('Owner, Access') } finally { $key.Dispose() }
}

Function Get-VmbServiceList {
    if (-not ('System.ServiceProcess.ServiceController' -as [type])) { Add-Type -AssemblyName System.ServiceProcess }
    [System.ServiceProcess.ServiceController]::GetServices()
}

Function Get-VmbServiceController {
    # All services. Where the service control manager gives no answer, or more than it announced, .NET gives none at all.
    foreach ($attempt in 1..3) {
        $found = Get-VmbServiceList
        if ($found) { return $found }
        [System.Threading.Thread]::Sleep(200)
    }
    throw 'The service control manager shows no services'
}

Function Get-VmbService {
    # State of services by name, as the service control manager gives it ("Running", "StopPending" ...).
    $found = @{}
    foreach ($service in Get-VmbServiceController) {
        $found[$service.ServiceName] = @{ state = [string]$service.Status; display = $service.DisplayName }
    }
    $found
}

Function Get-VmbCim {
    # Instances of a CIM class as tables of the wanted properties.
    param ([string]$Class, [string[]]$Property, [string]$Filter, [string]$Namespace = 'root/cimv2')
    $query = "SELECT $($Property -join ',') FROM $Class"
    if ($Filter) { $query = "$query WHERE $Filter" }
    foreach ($instance in Get-CimInstance -Namespace $Namespace -Query $query) {
        $row = @{}
        foreach ($name in $Property) {
            $member = $instance.PSObject.Properties[$name]
            $row[$name] = if ($member) { $member.Value }
        }
        $row
    }
}

Function Get-VmbStdRegProv {
    # What StdRegProv returns for a value that every Windows has: 0 when the class works.
    $arguments = @{ hDefKey = [uint32]2147483650; sSubKeyName = 'SOFTWARE\Microsoft\Windows NT\CurrentVersion'; sValueName = 'CurrentBuild' }
    (Invoke-CimMethod -Namespace root/default -ClassName StdRegProv -MethodName GetStringValue -Arguments $arguments).ReturnValue
}

Function Get-VmbFolder {
    # Entries of a folder: name, folder or not, link or not, size, time of the last change (UTC). Nothing when it does not exist.
    param ([string]$Path)
    if (-not [System.IO.Directory]::Exists($Path)) { return }
    foreach ($entry in [System.IO.DirectoryInfo]::new($Path).GetFileSystemInfos()) {
        $folder = $entry -is [System.IO.DirectoryInfo]
        @{
            name = $entry.Name
            folder = $folder
            link = [bool]($entry.Attributes -band [System.IO.FileAttributes]::ReparsePoint)
            size = if ($folder) { 0 } else { $entry.Length }
            modified = Format-VmbTime $entry.LastWriteTimeUtc
        }
    }
}

Function Test-VmbFile {
    param ([string]$Path)
    [System.IO.File]::Exists($Path)
}

Function Get-VmbText {
    # The text of a file, at most its last $Limit bytes, without NUL characters. $null: no such file.
    param ([string]$Path, [int]$Limit = 262144)
    if (-not [System.IO.File]::Exists($Path)) { return }
    # Writers of logs keep their files open: anything less than full sharing fails on them.
    $stream = [System.IO.FileStream]::new($Path, 'Open', 'Read', 'ReadWrite, Delete')
    try {
        if ($stream.Length -gt $Limit) { $null = $stream.Seek(-$Limit, 'End') }
        [System.IO.StreamReader]::new($stream, [System.Text.Encoding]::UTF8, $true).ReadToEnd().Replace([string][char]0, '')
    }
    finally { $stream.Dispose() }
}

Function Get-VmbFileVersion {
    param ([string]$Path)
    if ([System.IO.File]::Exists($Path)) { [System.Diagnostics.FileVersionInfo]::GetVersionInfo($Path).ProductVersion }
}

Function Get-VmbSddl {
    # Owner and access list of a folder as SDDL. $null: no such folder.
    param ([string]$Path)
    if (-not [System.IO.Directory]::Exists($Path)) { return }
    $security = [System.Security.AccessControl.DirectorySecurity]::new($Path, 'Owner, Access')
    $security.GetSecurityDescriptorSddlForm('Owner, Access')
}

Function Get-VmbSid {
    param ([string]$Account)
    [System.Security.Principal.NTAccount]::new($Account).Translate([System.Security.Principal.SecurityIdentifier]).Value
}

Function Get-VmbDrive {
    # Fixed drives: free and whole size in bytes. A drive that is not ready (a locked one) has no sizes.
    foreach ($drive in [System.IO.DriveInfo]::GetDrives()) {
        if ($drive.DriveType -ne 'Fixed') { continue }
        $row = @{ name = $drive.Name; ready = $drive.IsReady; free = $null; size = $null; format = $null }
        if ($drive.IsReady) {
            $row.free = $drive.AvailableFreeSpace; $row.size = $drive.TotalSize; $row.format = $drive.DriveFormat
        }
        $row
    }
}

Function Get-VmbAdapter {
    # Network adapters without loopback and tunnels.
    foreach ($nic in [System.Net.NetworkInformation.NetworkInterface]::GetAllNetworkInterfaces()) {
        if ([string]$nic.NetworkInterfaceType -in 'Loopback', 'Tunnel') { continue }
        $properties = $nic.GetIPProperties()
        $index = $null
        try { $index = $properties.GetIPv4Properties().Index } catch { $index = $null }
        @{
            name = $nic.Name
            description = $nic.Description
            id = $nic.Id
            index = $index
            mac = (@($nic.GetPhysicalAddress().GetAddressBytes() | ForEach-Object { '{0:x2}' -f $_ }) -join ':')
            up = [string]$nic.OperationalStatus -eq 'Up'
            addresses = @($properties.UnicastAddresses | Where-Object { [string]$_.Address.AddressFamily -eq 'InterNetwork' } |
                    ForEach-Object { @{ address = [string]$_.Address; prefix = $_.PrefixLength } })
            gateways = @($properties.GatewayAddresses | ForEach-Object { [string]$_.Address })
            dns = @($properties.DnsAddresses | ForEach-Object { [string]$_ })
        }
    }
}

Function Get-VmbProcess {
    # Processes of a name, with their modules that do not say to be Microsoft's.
    param ([string]$Name)
    foreach ($process in [System.Diagnostics.Process]::GetProcessesByName($Name)) {
        $foreign = @()
        $readable = $true
        try {
            $foreign = @($process.Modules | Where-Object { $_.FileVersionInfo.CompanyName -and $_.FileVersionInfo.CompanyName -notmatch 'Microsoft' } |
                    ForEach-Object { @{ file = $_.FileName; company = $_.FileVersionInfo.CompanyName } })
        }
        catch { $readable = $false }
        $path = $null
        try { $path = $process.MainModule.FileName } catch { $readable = $false }
        @{ id = $process.Id; path = $path; foreign_modules = $foreign; modules_readable = $readable }
    }
}

Function Get-VmbCertificate {
    # Certificates of the machine's own store.
    $store = [System.Security.Cryptography.X509Certificates.X509Store]::new('My', 'LocalMachine')
    $store.Open('ReadOnly, OpenExistingOnly')
    try {
        foreach ($certificate in $store.Certificates) {
            @{
                subject = $certificate.Subject
                issuer = $certificate.Issuer
                friendly_name = $certificate.FriendlyName
                thumbprint = $certificate.Thumbprint
                not_before = Format-VmbTime $certificate.NotBefore
                not_after = Format-VmbTime $certificate.NotAfter
                has_private_key = $certificate.HasPrivateKey
            }
        }
    }
    finally { $store.Close() }
}

Function Get-VmbEvent {
    # The newest events of a log that an XPath query finds: their raw properties, never their translated text.
    param ([string]$Log, [string]$Query, [int]$Limit = 20)
    $wanted = [System.Diagnostics.Eventing.Reader.EventLogQuery]::new($Log, 'LogName', $Query)
    $wanted.ReverseDirection = $true
    $reader = [System.Diagnostics.Eventing.Reader.EventLogReader]::new($wanted)
    try {
        for ($count = 0; $count -lt $Limit; $count++) {
            $record = $reader.ReadEvent()
            if ($null -eq $record) { break }
            @{
                provider = $record.ProviderName
                id = $record.Id
                time = Format-VmbTime $record.TimeCreated
                data = @($record.Properties | ForEach-Object { Limit-VmbText (ConvertTo-VmbEventText $_.Value) 600 })
            }
        }
    }
    finally { $reader.Dispose() }
}

Function ConvertTo-VmbEventText {
    # A property of an event as text. The service manager adds the name of a service to its events, as bytes of UTF-16.
    param ($Value)
    if ($Value -is [byte[]]) {
        $text = [System.Text.Encoding]::Unicode.GetString($Value).Trim([char]0)
        if ($text -match '^[ -~]+$') { return $text }
    }
    [string]$Value
}

Function Add-VmbServiceName {
    # Events of the service manager with the name of their service: they have its display name, which is translated.
    param ([array]$Events, [System.Collections.IDictionary]$Services)
    $names = @{}
    foreach ($name in $Services.Keys) {
        $display = $Services[$name].display
        $names[$display] = if (-not $names.Contains($display)) { $name }
    }
    foreach ($one in $Events) {
        $named = @($one.data | Where-Object { $Services.Contains($_) })
        $found = @($one.data | Where-Object { $names[$_] } | ForEach-Object { $names[$_] })
        if (-not $named -and $found) { $one.data = @($one.data) + $found[0] }
        $one
    }
}

Function Get-VmbSocketError {
    # What went wrong with a connection in words of our own (those of Windows are translated): @{error; error_code}.
    param ([Exception]$Exception)
    $words = @{ 10061 = 'connection refused'; 10060 = 'timed out'; 10051 = 'network is unreachable'; 10065 = 'no route to host'
        10013 = 'permission denied'; 10054 = 'connection reset'; 11001 = 'cannot be resolved'; 11002 = 'cannot be resolved'; 11004 = 'cannot be resolved'
    }
    $problem = $Exception.GetBaseException()
    $code = if ($problem -is [System.Net.Sockets.SocketException]) { [int]$problem.ErrorCode } else { 0 }
    $text = if ($words.Contains($code)) { $words[$code] } elseif ($code) { "socket error $code" } else { $problem.GetType().Name }
    @{ error = $text; error_code = $code }
}

Function Get-VmbRoute {
    # The local address that Windows would use towards an address. Connecting a datagram socket sends nothing.
    param ([string]$Address)
    $socket = [System.Net.Sockets.Socket]::new('InterNetwork', 'Dgram', 'Udp')
    try {
        $socket.Connect($Address, 80)
        @{ source = [string]$socket.LocalEndPoint.Address; error = $null }
    }
    catch { @{ source = $null; error = (Get-VmbSocketError $_.Exception).error } }
    finally { $socket.Dispose() }
}

Function Resolve-VmbHost {
    # Addresses of a name, inside a bound.
    param ([string]$Name, [int]$TimeoutMs = 3000)
    $asked = [System.Net.Dns]::BeginGetHostAddresses($Name, $null, $null)
    if (-not $asked.AsyncWaitHandle.WaitOne($TimeoutMs)) { return @{ addresses = @(); error = 'cannot be resolved: timed out' } }
    try { @{ addresses = @([System.Net.Dns]::EndGetHostAddresses($asked) | ForEach-Object { [string]$_ }); error = $null } }
    catch { @{ addresses = @(); error = (Get-VmbSocketError $_.Exception).error } }
}

Function Invoke-VmbConnection {
    # Connects to all of the given @{address; port; request; tls_name} at once, sends the requests, and adds what came:
    # connected, error, error_code, seconds, answer, tls_error. Never through a proxy. Every wait is bounded.
    param ([System.Collections.IDictionary[]]$Probe, [int]$ConnectMs = 3500, [int]$AnswerMs = 3500)
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    foreach ($item in $Probe) {
        $item.connected = $false; $item.error_code = 0; $item.error = $item.seconds = $item.answer = $item.tls_error = $null
        $item.client = [System.Net.Sockets.TcpClient]::new()
        # A place that a user wrote may be none at all: that must not cost the other connections.
        try { $item.handle = $item.client.BeginConnect($item.address, $item.port, $null, $null) }
        catch { $item.handle = $null; $item.error = 'no host and port' }
    }
    $waiting = @($Probe | Where-Object { $_.handle })
    while ($waiting) {
        # Each as it is made: one that is slow must not make the others look so.
        $left = [Math]::Max(0, $ConnectMs - $clock.ElapsedMilliseconds)
        $at = [System.Threading.WaitHandle]::WaitAny(@($waiting | ForEach-Object { $_.handle.AsyncWaitHandle }), [int]$left)
        $seconds = [Math]::Round($clock.Elapsed.TotalSeconds, 3)
        if ($at -eq [System.Threading.WaitHandle]::WaitTimeout) {
            foreach ($item in $waiting) { $item.seconds = $seconds; $item.error = 'timed out' }
            break
        }
        $item = $waiting[$at]
        $item.seconds = $seconds
        $waiting = @($waiting | Where-Object { -not [object]::ReferenceEquals($_, $item) })
        try {
            $item.client.EndConnect($item.handle)
            $item.connected = $true
            if ($item.request) {
                $bytes = [System.Text.Encoding]::ASCII.GetBytes($item.request)
                $item.client.GetStream().Write($bytes, 0, $bytes.Length)
            }
        }
        catch {
            $problem = Get-VmbSocketError $_.Exception
            $item.error = $problem.error; $item.error_code = $problem.error_code
        }
    }
    $clock.Restart()
    foreach ($item in $Probe) {
        if ($item.connected -and $item.request) { $item.answer = Read-VmbAnswer $item.client $clock $AnswerMs $item.request.StartsWith('CONNECT') }
        if ($item.connected -and $item.tls_name -and (-not $item.request -or $item.answer -match '^HTTP/\d\.\d 200')) {
            $item.tls_error = Get-VmbTlsError $item.client $item.tls_name ([Math]::Max(500, $AnswerMs - $clock.ElapsedMilliseconds))
        }
        $item.client.Close()
    }
}

Function Read-VmbAnswer {
    # What a peer sends until its answer is complete or it closes, at most 32 KiB, inside the time that all peers share.
    param ([System.Net.Sockets.TcpClient]$Client, [System.Diagnostics.Stopwatch]$Clock, [int]$TimeoutMs, [bool]$HeadOnly)
    $stream = $Client.GetStream()
    $buffer = [byte[]]::new(32768)
    $count = 0
    try {
        while ($count -lt $buffer.Length) {
            $stream.ReadTimeout = [int][Math]::Max(50, $TimeoutMs - $Clock.ElapsedMilliseconds)
            $got = $stream.Read($buffer, $count, $buffer.Length - $count)
            if ($got -le 0) { break }
            $count += $got
            $text = [System.Text.Encoding]::ASCII.GetString($buffer, 0, $count)
            $head = $text.IndexOf("`r`n`r`n")
            if ($head -lt 0) { continue }
            # A proxy keeps the tunnel open after its answer.
            if ($HeadOnly -or ($text -match '(?i)\r\nContent-Length: *(?<length>\d{1,9})' -and $count -ge $head + 4 + [int]$Matches.length)) { break }
        }
    }
    catch { $null = $_ }
    [System.Text.Encoding]::UTF8.GetString($buffer, 0, $count)
}

Function Get-VmbTlsError {
    # $null when a TLS handshake succeeds with what this Windows trusts and allows.
    param ([System.Net.Sockets.TcpClient]$Client, [string]$Name, [int]$TimeoutMs)
    try {
        $stream = [System.Net.Security.SslStream]::new($Client.GetStream(), $false)
        $stream.ReadTimeout = $stream.WriteTimeout = $TimeoutMs
        # By name, as what .NET 4.x of an older Windows offers by itself ends at TLS 1.0, which storage refuses.
        $stream.AuthenticateAsClient($Name, $null, 'Tls12', $false)
    }
    catch { Get-VmbReason $_.Exception }
}

Function Invoke-VmbProgram {
    # Runs a program of the system and gives its output; its time is the runner's: a late section is left behind.
    param ([string]$Path, [string]$Arguments, [int]$TimeoutMs)
    $start = [System.Diagnostics.ProcessStartInfo]::new($Path, $Arguments)
    $start.UseShellExecute = $false
    $start.CreateNoWindow = $true
    $start.RedirectStandardOutput = $true
    $process = [System.Diagnostics.Process]::Start($start)
    $text = $process.StandardOutput.ReadToEndAsync()
    if (-not $text.Wait($TimeoutMs)) {
        $process.Kill()
        throw "Cannot run '$Path $Arguments': no answer within $TimeoutMs ms"
    }
    $text.Result
}

Function Get-VmbSystem {
    # Names and places of this machine.
    $root = [System.Environment]::GetFolderPath('Windows')
    @{
        computer = [System.Environment]::MachineName
        bits64 = [System.Environment]::Is64BitOperatingSystem
        root = $root
        drive = $root.Substring(0, 3)
        program_data = [System.Environment]::GetFolderPath('CommonApplicationData')
        language = [System.Globalization.CultureInfo]::InstalledUICulture.Name
    }
}

Function Test-VmbAdministrator {
    $principal = [System.Security.Principal.WindowsPrincipal]::new([System.Security.Principal.WindowsIdentity]::GetCurrent())
    $principal.IsInRole([System.Security.Principal.WindowsBuiltInRole]::Administrator)
}

Function Format-VmbTime {
    # A point in time as ISO 8601 UTC text; text stays as it is (what JSON reads as a time differs between editions).
    param ($Value)
    if ($Value -is [DateTime]) { $Value.ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ssZ', [System.Globalization.CultureInfo]::InvariantCulture) }
    elseif ($null -ne $Value) { [string]$Value }
}

Function Test-VmbDenied {
    # Whether an account with more rights would get what was asked for.
    param ([Exception]$Exception)
    $Exception.GetBaseException() -is [UnauthorizedAccessException] -or $Exception.GetBaseException() -is [System.Security.SecurityException]
}

Function Get-VmbReason {
    # What went wrong, without a word of what was read.
    param ([Exception]$Exception)
    if (Test-VmbDenied $Exception) { return 'needs administrator' }
    $Exception = $Exception.GetBaseException()
    $name = $Exception.GetType().Name
    if ($Exception -is [System.Xml.XmlException]) { return "${name}: line $($Exception.LineNumber)" }
    # What we threw ourselves, and what Windows says of files, connections and classes. Parsers quote what they stumble over.
    $is_told = $name -in 'RuntimeException', 'CommandNotFoundException', 'CimException', 'TimeoutException', 'AuthenticationException' -or
    $Exception -is [System.IO.IOException] -or $Exception -is [System.ComponentModel.Win32Exception]
    if ($is_told) { '{0}: {1}' -f $name, $Exception.Message } else { $name }
}

Export-ModuleMember -Function '*-Vmb*'
