# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions of the Windows probe on a real PowerShell engine, where they need no Windows."""

import json
import socket
import threading
from pathlib import Path

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._probe import _instance

MODULES = sorted((Path(__file__).resolve().parents[3] / "plugins/module_utils").glob("_Win*.psm1"))


@pytest.fixture
def call(engine, tmp_path):
    """What a PowerShell expression gives, by way of JSON."""

    def run(expression):
        loads = "\n".join(f"Import-Module '{path}' -DisableNameChecking" for path in MODULES)
        script = f"{loads}\nConvertTo-Json -Compress -Depth 5 -InputObject @({expression})"
        return json.loads(engine.run(script, tmp_path / "script.ps1"))

    return run


@pytest.fixture
def server():
    """A server that answers one request as a wire server does, and its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer():
            peer, _address = listener.accept()
            with peer:
                peer.recv(1000)
                body = b"<Versions><Supported><Version>2012-11-30</Version></Supported></Versions>"
                peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

        threading.Thread(target=answer, daemon=True).start()
        yield listener.getsockname()[1]


def probe(port):
    return f"@{{ address = '127.0.0.1'; port = {port}; request = \"GET / HTTP/1.1`r`n`r`n\"; tls_name = $null }}"


def test_a_place_that_is_none_costs_no_other_connection(call, server):
    with socket.socket() as refusing:  # it is taken, and nothing listens
        refusing.bind(("127.0.0.1", 0))
        ports = 99999, server, refusing.getsockname()[1]
        items = f"$items = {', '.join(map(probe, ports))}; Invoke-VmbConnection $items; "
        found = call(f"$({items} $items | ForEach-Object {{ @{{ connected = $_.connected; error = $_.error }} }})")
    assert [item["connected"] for item in found] == [False, True, False]
    assert found[0]["error"] == "no host and port" and found[2]["error"]


def test_a_place_that_is_slow_makes_no_other_one_look_so(call, server):
    silent = socket.socket()
    silent.bind(("127.0.0.1", 0))
    silent.listen(0)
    address = silent.getsockname()
    with silent, socket.create_connection(address):  # the only one that waits: the next gets no answer
        items = f"$items = {probe(address[1])}, {probe(server)}; Invoke-VmbConnection $items 6000; "
        slow, quick = call(f"$({items} $items | ForEach-Object {{ @{{ error = $_.error; seconds = $_.seconds }} }})")
    assert slow["error"] == "timed out" and slow["seconds"] >= 6
    assert quick["error"] is None and quick["seconds"] < 4


def test_an_answer_is_read_to_its_end(call, server):
    items = f"$items = @({probe(server)}); Invoke-VmbConnection $items; $items[0].answer"
    (answer,) = call(f"$({items})")
    assert answer.startswith("HTTP/1.1 200") and answer.endswith("</Versions>")


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("example.blob.core.windows.net", "example.blob.core.windows.net", 443),
        ("https://x.test/container", "x.test", 443),
        ("x.test:8443", "x.test", 8443),
    ],
)
def test_endpoints(call, text, host, port):
    assert call(f"Split-VmbEndpoint '{text}' 443") == [{"host": host, "port": port}]


def test_passwords_do_not_leave_the_guest(call):
    (text,) = call("Hide-VmbSecret 'http://user:secret@proxy:3128 and sig=abc%2Fdef&x=1'")
    assert "secret" not in text and "proxy:3128" in text


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("$null", None),
        ("@{ no = $false; yes = $true }", {"no": False, "yes": True}),
        ("@{ none = @(); one = @('x'); nested = @(, @(1, 2)) }", {"none": [], "one": ["x"], "nested": [[1, 2]]}),
        ("@('a', 'b' | ForEach-Object { $_ })", ["a", "b"]),
        ("@{ Keys = 1; Count = 2; Values = 3 }", {"Keys": 1, "Count": 2, "Values": 3}),
        ("4294967295L, -1, 0.25, 1e300, 15.0", [4294967295, -1, 0.25, 1e300, 15]),
        ("[double]::PositiveInfinity, [double]::NaN", [None, None]),
        (
            "[string][char]34 + [char]92 + [char]0 + [char]10 + [char]0x7f + [char]0xe4 + [char]0xd83d + [char]0xde00",
            '"\\\0\n\x7f\u00e4\U0001f600',
        ),
        ("[char]120", "x"),
        ("[System.DayOfWeek]::Monday", "Monday"),
        ("(New-Object PSObject -Property @{ a = 'text' }).a", "text"),
        ("[hashtable]::Synchronized(@{ a = [ordered]@{ b = 'c' } })", {"a": {"b": "c"}}),
    ],
)
def test_json(call, expression, value):
    (text,) = call(f"ConvertTo-VmbJson ({expression})")
    assert text.isascii() and json.loads(text) == value


def test_json_is_the_same_in_every_language(call):
    german = "[System.Threading.Thread]::CurrentThread.CurrentCulture = 'de-DE'; "
    assert call(f"$({german}ConvertTo-VmbJson 0.5)") == ["0.5"]


DEFAULTS = "@{ timeout = 15.0; wire_port = 80; storage_endpoint = '' }"


def test_options_have_the_types_of_their_defaults(call):
    given = "@{ timeout = '2'; wire_port = $null; _ansible_check_mode = $true }"
    (options,) = call(f"Read-VmbOption {given} {DEFAULTS}")
    assert options == {"timeout": 2.0, "wire_port": 80, "storage_endpoint": ""}


@pytest.mark.parametrize(
    ("given", "reason"),
    [("@{ wire_port = 'http' }", "is not a valid value for"), ("@{ timeuot = 1 }", "unknown option")],
)
def test_options_that_are_none(call, given, reason):
    (message,) = call(f"$(try {{ Read-VmbOption {given} {DEFAULTS} }} catch {{ $_.Exception.Message }})")
    assert reason in message


METADATA = {
    "compute": {
        "osType": "Windows",
        "tags": "secret:1",
        "userData": "c2VjcmV0",
        "resourceId": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/web1",
        "vmId": "c1f0a8a2",
        "location": "westeurope",
        "vmSize": "Standard_D2s_v5",
        "osProfile": {"computerName": "web1", "adminUsername": "secret"},
        "securityProfile": {"securityType": "TrustedLaunch"},
        "storageProfile": {
            "osDisk": {
                "name": "os",
                "diffDiskSettings": {"option": "Local"},
                "managedDisk": {"storageAccountType": "Premium_LRS"},
                "vhd": {"uri": ""},
                "writeAcceleratorEnabled": "false",
            },
            "dataDisks": [
                {"name": "log", "lun": "0", "writeAcceleratorEnabled": "true", "managedDisk": {"id": "d"}},
                {"name": "old", "lun": "1", "vhd": {"uri": "https://account.blob.core.windows.net/vhds/old.vhd"}},
            ],
        },
    },
    "network": {
        "interface": [{"ipv4": {"ipAddress": [{"privateIpAddress": "10.0.0.4"}]}, "macAddress": "000D3A112233"}]
    },
}


@pytest.mark.parametrize(
    "answer",
    [
        METADATA,
        {**METADATA, "compute": {"osType": "Windows", "storageProfile": {"dataDisks": []}}},
        {**METADATA, "compute": {"osType": "Windows"}},
    ],
)
def test_the_metadata_service_tells_both_systems_the_same(call, answer):
    text = json.dumps(answer)
    found = call(f"Read-VmbInstance ('HTTP/1.1 200 OK' + \"`r`n`r`n\" + '{text}')")
    assert found == [_instance.read(answer)] and "ecret" not in str(found)


@pytest.fixture
def plugin(tmp_path):
    """A folder of the plugin whose manifest names these commands; backslashes of the probe's paths are in the names."""

    def make(text, *files):
        (tmp_path / "p\\HandlerManifest.json").write_text(text)
        (tmp_path / "p").mkdir()
        for name in files:
            (tmp_path / "p" / name).write_text("x")
        return f"{tmp_path}/p"

    return make


MANIFEST = '[{"handlerManifest": {"installCommand": "in.cmd /q", "enableCommand": "\\"on it.cmd\\" x"}}]'


def test_a_manifest_and_what_it_lacks(call, plugin):
    folder = plugin(MANIFEST, "in.cmd")
    (found,) = call(f"Get-VmbManifest '{folder}'")
    assert (found["error"], found["absent"]) == (None, ["on it.cmd"])


@pytest.mark.parametrize("text", ["", "{", "[]", '[{"handlerManifest": null}]', "5"])
def test_a_damaged_manifest_is_told_and_breaks_nothing(call, plugin, text):
    (found,) = call(f"Get-VmbManifest '{plugin(text)}'")
    assert found["error"] and found["absent"] == []


def test_folders_that_the_extension_is_told_to_use_and_that_are_not_there(call, tmp_path):
    file, gone = tmp_path / "p\\HandlerEnvironment.json", str(tmp_path / "gone")
    folders = {"statusFolder": str(tmp_path), "configFolder": gone, "logFolder": "/nowhere"}
    file.write_text(json.dumps([{"handlerEnvironment": folders}]), "utf-8")
    (found,) = call(f"Get-VmbHandlerEnvironment '{tmp_path}/p'")
    assert (found["absent"], found["error"]) == ([gone], None)
    file.write_text("[{]", "utf-8")
    (found,) = call(f"Get-VmbHandlerEnvironment '{tmp_path}/p'")
    assert found["absent"] == [] and found["error"]


def test_names_of_storage_in_the_hosts_file(call, tmp_path):
    hosts = tmp_path / "hosts"
    hosts.write_bytes(
        b"# 10.1.1.1 old.blob.core.windows.net\r\n127.0.0.1 localhost\r\n\r\n"
        b"  10.9.9.9\tfiles MD-x.z1.blob.storage.azure.net. # disk\r\n10.9.9.8 web.corp.example"
    )
    pin = {"name": "md-x.z1.blob.storage.azure.net", "address": "10.9.9.9", "read_from": f"{hosts}:4"}
    assert call(f"Get-VmbPinnedName '{hosts}'") == [pin]
    assert call(f"Get-VmbPinnedName '{tmp_path}/none'") == []


def test_no_manifest_is_a_fact(call, tmp_path):
    assert call(f"Get-VmbManifest '{tmp_path}/none'") in ([], [None])


def test_a_record_of_a_log_is_whole(call, tmp_path):
    log = tmp_path / "x.log"
    first, last = "2026-11-23T08:00:40Z\t[Error]:\tfailed", "2026-11-23T08:00:42Z\t[Information]:\tended"
    log.write_text(f"{first}\r\n   System.IO.FileNotFoundException: a.dll\r\n   at B.C()\r\n{last}\r\n")
    (found,) = call(f"Get-VmbLog '{log}'")
    assert found["lines"] == [f"{first} System.IO.FileNotFoundException: a.dll at B.C()"]
    assert found["last"] == last


def test_an_extension_of_the_report(call):
    settings = {"timestampUTC": "2026-11-23T08:00:00Z", "status": {"status": "error", "code": 3}}
    entry = json.dumps({"handlerName": "A.B", "runtimeSettingsStatus": {"settingsStatus": settings}})
    (found,) = call(f"Get-VmbHandler ('{entry}' | ConvertFrom-Json) '2026-11-23T08:01:30Z'")
    assert (found["name"], found["result"], found["result_code"], found["result_age_s"]) == ("A.B", "error", 3, 90)


@pytest.mark.parametrize(
    ("at_agent", "at_root", "uploaded"),
    [
        ({"lastStatusUploadTime": "2026-11-23T08:01:02Z"}, {}, "2026-11-23T08:01:02Z"),
        ({}, {"lastStatusUploadTime": "2026-11-23T08:01:03Z"}, "2026-11-23T08:01:03Z"),
        ({}, {}, None),
    ],
)
def test_when_the_agent_uploaded_its_status(call, tmp_path, at_agent, at_root, uploaded):
    report = json.dumps({"aggregateStatus": {"guestAgentStatus": {"status": "Ready", **at_agent}}, **at_root})
    (tmp_path / "report.json").write_text(report)
    stands_in = (
        "Function global:Get-VmbFolder { @{ name = 'aggregatestatus.json'; modified = '' } }; "
        f"Function global:Get-VmbText {{ [IO.File]::ReadAllText('{tmp_path}/report.json') }}; "
    )
    (found,) = call(f"$({stands_in} Get-VmbAggregate 'x')")
    assert (found["status"], found["uploaded"]) == ("Ready", uploaded)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("[byte[]](0x56, 0, 0x53, 0, 0x53, 0, 0, 0)", "VSS"),
        ("[byte[]](0xFF, 0xFE, 0x01)", "255 254 1"),
        ("[byte[]]@()", ""),
        ("'Volumeschattenkopie'", "Volumeschattenkopie"),
        ("4294967295", "4294967295"),
        ("$null", ""),
    ],
)
def test_a_property_of_an_event_as_text(call, value, text):
    assert call(f"ConvertTo-VmbEventText ({value})") == [text]


def test_the_query_for_events_has_each_spelling_of_their_provider(call):
    (query,) = call("Get-VmbEventQuery (Get-VmbEventKind | Where-Object { $_.name -eq 'disk_errors' }) 7")
    assert query == (
        "*[System[Provider[@Name='disk' or @Name='Disk' or @Name='storvsc' or @Name='Ntfs' "
        "or @Name='Microsoft-Windows-Ntfs'] "
        "and (EventID=7 or EventID=11 or EventID=51 or EventID=55 or EventID=129 or EventID=137 or EventID=153 "
        "or EventID=154) "
        "and TimeCreated[timediff(@SystemTime) <= 604800000]]]"
    )
    (query,) = call("Get-VmbEventQuery (Get-VmbEventKind | Where-Object { $_.name -eq 'applocker_blocks' }) 1")
    assert query == "*[System[(EventID=8004) and TimeCreated[timediff(@SystemTime) <= 86400000]]]"


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ("'Volumeschattenkopie', '1'", ["Volumeschattenkopie", "1", "VSS"]),
        ("'ボリューム シャドウ コピー', '1'", ["ボリューム シャドウ コピー", "1", "swprv"]),
        ("'Volumeschattenkopie', '1', 'vss'", ["Volumeschattenkopie", "1", "vss"]),
        ("'Another', '1'", ["Another", "1"]),
        ("'Same', '1'", ["Same", "1"]),
    ],
)
def test_an_event_of_a_service_has_its_name_in_any_language(call, data, named):
    displays = {"VSS": "Volumeschattenkopie", "swprv": "ボリューム シャドウ コピー", "a": "Same", "b": "Same"}
    services = "; ".join(f"{name} = @{{ display = '{display}' }}" for name, display in displays.items())
    (found,) = call(f"Add-VmbServiceName @(@{{ id = 7034; data = @({data}) }}) @{{ {services} }}")
    assert found["data"] == named


SERVICES = """
& (Get-Module _WinSharedHost) {
    $script:answers = [System.Collections.Generic.Queue[object]]@(ANSWERS)
    Function script:Get-VmbServiceList { $script:answers.Dequeue() }
    try { (Get-VmbService).Keys } catch { "$_" }
}
"""


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ("@{ ServiceName = 'VSS' }, $null", "VSS"),
        ("$null, @{ ServiceName = 'VSS' }", "VSS"),
        ("$null, $null, $null", "The service control manager shows no services"),
    ],
)
def test_a_service_control_manager_without_any_service_is_asked_again(call, answers, found):
    assert call(f"$({SERVICES.replace('ANSWERS', answers)})") == [found]


WRITERS = """
& (Get-Module _WinProbeBackup) {
    Function script:Test-VmbAdministrator { ADMINISTRATOR }
    Function script:Get-VmbRegistryValue { 3 }
    Function script:Invoke-VmbProgram { 'TEXT' }
    $options = @{ deadline = [DateTime]::UtcNow; system = @{ root = 'C:\\Windows' } }
    try { Get-VmbWriter $options | ForEach-Object { $_.state } } catch { Get-VmbGap $_.Exception }
}
"""
WRITER_ID = "{a6ad56c2-b509-4e6c-bb19-49d8f43532f0}"


@pytest.mark.parametrize(
    ("administrator", "text", "found"),
    [
        ("$true", f"Id: {WRITER_ID} Instance Id: {WRITER_ID} State: [1] Stable", [1]),
        ("$true", "vssadmin 1.1", []),
        ("$false", "Error: You do not have the correct permissions", ["admin"]),
    ],
)
def test_writers_are_not_known_without_the_rights_to_list_them(call, administrator, text, found):
    script = WRITERS.replace("ADMINISTRATOR", administrator).replace("TEXT", text)
    assert call(f"$({script})") == found


ADAPTERS = """
& (Get-Module _WinProbeNetwork) {
    Function script:New-TestAdapter {
        param ($Id, $Name, $Address, [string[]]$Gateways)
        @{ id = $Id; name = $Name; up = $true; addresses = @(@{ address = $Address }); gateways = @($Gateways) }
    }
    Function script:Get-VmbAdapter {
        New-TestAdapter '{vpn}' 'VPN' '10.8.0.2' '10.8.0.1'
        New-TestAdapter '{second}' 'Ethernet 2' '10.1.0.4'
        New-TestAdapter '{azure}' 'Ethernet' '10.0.0.4' '10.0.0.1'
    }
    Function script:Get-VmbRoute { @{ source = 'SOURCE' } }
    Function script:Get-VmbRegistryName { }
    Function script:Get-VmbPlainKey { @{ EnableDHCP = 1 } }
    Function script:Get-VmbRegistryValue {
        param ($Path, $Name)
        if ($Path -match 'LEASED' -and $Name -eq 'DhcpServer') { '168.63.129.16' }
    }
    $facts = @{ section = 'dhcp'; values = @{}; missing = @{} }
    Get-VmbDhcpSection $facts @{ wire_server = '168.63.129.16' }
    $facts.values.primary.interface
}
"""


@pytest.mark.parametrize(
    ("source", "leased", "primary"),
    [
        ("10.0.0.4", "azure|second", "Ethernet"),
        ("10.8.0.2", "azure|second", "Ethernet"),
        ("10.8.0.2", "second", "VPN"),
        ("10.1.0.4", "nothing", "Ethernet 2"),
        ("", "nothing", "VPN"),
    ],
)
def test_the_primary_adapter_is_that_of_azure(call, source, leased, primary):
    assert call(f"$({ADAPTERS.replace('SOURCE', source).replace('LEASED', leased)})") == [primary]


ROUTED = """@(@{ name = 'Ethernet'; addresses = @(@{ address = '10.0.0.4'; prefix = 24 }) },
    @{ name = 'vEthernet'; addresses = @(@{ address = '172.17.0.1'; prefix = 16 }) })"""
THERE = "@(@{ DestinationPrefix = '20.38.0.0/17'; NextHop = '10.0.0.9' })"


@pytest.mark.parametrize(
    ("destination", "gateway", "words"),
    [
        ("52.239.140.0/22", "10.0.0.1", None),
        ("20.38.0.0/17", "10.0.0.9", None),
        ("20.38.0.0/17", "10.0.0.1", "it has a route by 10.0.0.9 of Ethernet already"),
        ("168.63.128.0/17", "10.0.0.1", "168.63.129.16 of the Azure host is in it"),
        ("0.0.0.0/0", "10.0.0.1", "168.63.129.16 of the Azure host is in it"),
        ("0.0.0.0/1", "10.0.0.1", "no gateway leads to all"),
        ("10.0.0.128/25", "10.0.0.1", "this host has an address in it"),
        ("172.16.0.0/12", "10.0.0.1", "this host has an address in it"),
        ("20.38.0.1/17", "10.0.0.1", "give an IPv4 network"),
        ("2603:1000::/46", "10.0.0.1", "give an IPv4 network"),
        ("20.038.0.0/17", "10.0.0.1", "give an IPv4 network"),
        ("20.38.0.0/33", "10.0.0.1", "give an IPv4 network"),
        ("52.239.140.0/22", "10.0.1.1", "no network of Ethernet has it"),
        ("52.239.140.0/22", "fe80::1", "give an IPv4 address"),
    ],
)
def test_routes_that_are_refused(call, destination, gateway, words):
    arguments = f"(Resolve-VmbDestination '{destination}') '{gateway}' {ROUTED} 'Ethernet' {THERE}"
    (said,) = call(f"$(try {{ Assert-VmbRoute {arguments}; 'taken' }} catch {{ [string]$_ }})")
    assert (words or "taken") in said


def test_destinations_are_in_order_and_once(call):
    found = call("Resolve-VmbDestination '100.64.0.0/10', '20.38.0.0/17', '100.64.0.0/10', '20.38.128.7'")
    assert found == ["20.38.0.0/17", "20.38.128.7/32", "100.64.0.0/10"]


STORES = r"""
$stores = @{ ActiveStore = @{}; PersistentStore = @{ '10.9.0.0/16 10.0.0.2' = 5 } }
Function Global:Get-VmbAdapter { @{ name = 'Ethernet'; id = '{1}'; index = 2; addresses = @(); gateways = @() } }
Function Global:Get-NetRoute {
    [CmdletBinding()] param ([int]$InterfaceIndex, [string]$AddressFamily, [string]$PolicyStore)
    foreach ($key in $stores[$PolicyStore].Keys) {
        $to, $hop = -split $key
        @{ DestinationPrefix = $to; NextHop = $hop; RouteMetric = $stores[$PolicyStore][$key] }
    }
}
Function Global:New-NetRoute {
    [CmdletBinding()]
    param ([int]$InterfaceIndex, [string]$NextHop, [string]$DestinationPrefix, [string]$PolicyStore, [int]$RouteMetric)
    $stores[$PolicyStore].Add("$DestinationPrefix $NextHop", $RouteMetric)
}
Function Global:Remove-NetRoute {
    [CmdletBinding(SupportsShouldProcess)]
    param ([int]$InterfaceIndex, [string]$NextHop, [string]$DestinationPrefix, [string]$PolicyStore)
    if (-not $stores[$PolicyStore].Contains("$DestinationPrefix $NextHop")) { throw 'no such route' }
    $stores[$PolicyStore].Remove("$DestinationPrefix $NextHop")
}
$target = @{ adapter = '{1}'; gateway = '10.0.0.1' }
New-NetRoute -NextHop 10.0.0.1 -DestinationPrefix 20.38.0.0/17 -PolicyStore ActiveStore -RouteMetric 100
$first = Read-VmbRoute $target
Write-VmbRoute $target (New-VmbRouteState $first @('52.239.140.0/22', '20.38.0.0/17') $true) $null
$both = Read-VmbRoute $target
Write-VmbRoute $target ($first | ConvertTo-Json | ConvertFrom-Json) $null
@{ first = $first; both = $both; undone = Read-VmbRoute $target; others = @($stores.PersistentStore.Keys) }
"""


def test_routes_in_both_stores_are_added_where_they_lack_and_undone(call):
    """By the cmdlets of Windows, which tables play."""
    (said,) = call(f"$({STORES})")
    both = ["20.38.0.0/17", "52.239.140.0/22"]
    assert said["first"] == said["undone"] == {"now": both[:1], "boot": []}
    assert said["both"] == {"now": both, "boot": both} and said["others"] == ["10.9.0.0/16 10.0.0.2"]
