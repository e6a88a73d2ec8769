# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# A guest whose every text is one of $data.texts: what stands for the boundary to Windows, and the sections of the probe.
# Gives the state, how often a text was asked for, and which registry keys were read.

$ErrorActionPreference = 'Stop'
$script:at = 0
$script:read = @{}
function Get-Planted { $script:at++; $data.texts[$script:at % $data.texts.Count] }
function Get-VmbRegistryKey($Path, $Hive = 'LocalMachine') {
    $script:read["$Hive\$Path"] = 1
    $key = @{}
    foreach ($name in $data.names) { $key[$name] = @{ type = 'REG_SZ'; value = Get-Planted } }
    $key
}
function Get-VmbRegistryName($Path, $Hive) { 'WinDefend', "MSSQL $(Get-Planted)" }
function Get-VmbText($Path, $Limit) {
    if ($Path -match 'json$|status$') {
        $json = '[{"status": {"status": "X", "operation": "X", "code": "X", "formattedMessage": {"message": "X"}}}]'
        return $json.Replace('X', (Get-Planted))
    }
    (1..3 | ForEach-Object { "[ERROR] $(Get-Planted)" }) -join "`n"
}
function Get-VmbFolder($Path) {
    foreach ($name in '1.0.95.0', 'GuestAgent_1.0', 'aggregatestatus.json', '7.status', 'a.log') {
        @{ name = $name; folder = $true; size = 1; modified = '2026-01-01T00:00:00Z' }
    }
}
function Get-VmbEvent { @{ provider = Get-Planted; id = 1; time = 'x'; data = @((Get-Planted), (Get-Planted)) } }
function Get-VmbService { @{ 'MSSQL$X' = @{ state = 'Running'; display = Get-Planted } } }
function Get-VmbCertificate { @{ subject = Get-Planted; issuer = Get-Planted; friendly_name = 'TenantEncryptionCert' } }
function Get-VmbSddl { Get-Planted }
function Get-VmbRegistrySddl { Get-Planted }
function Get-VmbFileVersion { Get-Planted }
function Get-VmbProcess {
    @{ id = 1; path = Get-Planted; foreign_modules = @(@{ file = Get-Planted; company = Get-Planted }) }
}
function Get-VmbAdapter {
    @{ name = Get-Planted; description = Get-Planted; id = '1'; up = $true; mac = 'x'; addresses = @(@{ address = '10.0.0.4' }) }
}
function Invoke-VmbConnection($Probe) {
    foreach ($one in $Probe) {
        $one.connected = $true; $one.error_code = 0; $one.seconds = 0
        $one.error = $one.tls_error = Get-Planted
        $one.answer = "HTTP/1.1 407 $(Get-Planted)`r`nVia: $(Get-Planted)`r`n"
    }
}
function Get-VmbRoute { @{ source = '10.0.0.4'; error = Get-Planted } }
function Get-VmbSid { throw "Cannot find '$(Get-Planted)'" }
function Invoke-VmbProgram { Get-Planted }
function Test-VmbAdministrator { $true }
function Get-VmbDrive { @{ name = Get-Planted; ready = $true; free = 1; size = 2; format = Get-Planted } }
$system = @{ computer = 'guest'; bits64 = $true; root = 'C:\Windows'; drive = 'C:\'; program_data = 'C:\ProgramData'; language = 'en-US' }
$options = @{ timeout = 60.0; wire_server = '127.0.0.1'; wire_port = 1; host_plugin_port = 1; imds_server = '127.0.0.1'; imds_port = 1
    storage_endpoint = ''; cpu_sample = 0.1; deadline = [DateTime]::UtcNow.AddSeconds(60); system = $system
}
$state = @{ missing = @{} }
foreach ($section in $data.sections) {
    $facts = @{ values = [hashtable]::Synchronized(@{}); missing = [hashtable]::Synchronized(@{}) }
    try { & "Get-Vmb${section}Section" -Facts $facts -Options $options } catch {
        $facts.missing[''] = Get-VmbReason $_.Exception
    }
    $state[$section] = Hide-VmbTree $facts.values.Clone()
    foreach ($name in $facts.missing.Keys) { $state.missing["$section.$name"] = Hide-VmbSecret $facts.missing[$name] }
}
@{ state = $state; asked = $script:at; read = @($script:read.Keys) }
