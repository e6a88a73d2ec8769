# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import threading
import time

import fabric_servers as servers
import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils import _probe
from ansible_collections.vmbackup.azure.plugins.module_utils._probe import (
    _firewall_rules,
    _http,
    _links,
    _netlink,
    _storage,
    fabric,
    proxy,
)

VERSION_LIST = (
    b'<?xml version="1.0"?><Versions><Preferred><Version>2015-04-05</Version></Preferred>'
    b"<Supported><Version>2012-11-30</Version></Supported></Versions>"
)
INSTANCE = {
    "compute": {
        "osType": "Linux",
        "tags": "secret:1",
        "userData": "c2VjcmV0",
        "publicKeys": [{"keyData": "ssh-rsa secret"}],
        "resourceId": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/web1",
        "vmId": "c1f0a8a2",
        "location": "westeurope",
        "vmSize": "Standard_D2s_v5",
        "osProfile": {"computerName": "web1", "adminUsername": "secret"},
        "securityProfile": {"secureBootEnabled": "true", "securityType": "TrustedLaunch"},
        "storageProfile": {
            "osDisk": {
                "name": "web1-os",
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
        "interface": [
            {
                "macAddress": "000D3A112233",
                "ipv4": {"ipAddress": [{"privateIpAddress": "10.0.0.4"}, {"privateIpAddress": "10.0.0.5"}]},
            }
        ]
    },
}

PLAIN = {"write_accelerator": False, "ephemeral": False, "unmanaged": False}
COMPUTE = {
    "resource_id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/web1",
    "vm_id": "c1f0a8a2",
    "location": "westeurope",
    "size": "Standard_D2s_v5",
    "computer_name": "web1",
    "security_type": "TrustedLaunch",
    "disks": [
        {**PLAIN, "name": "web1-os", "role": "os", "sku": "Premium_LRS", "ephemeral": True},
        {**PLAIN, "name": "log", "role": "data", "sku": None, "write_accelerator": True},
        {**PLAIN, "name": "old", "role": "data", "sku": None, "unmanaged": True},
    ],
}


@pytest.fixture
def host():
    """A live host whose deadline is near, so that a mistake cannot hang the tests."""
    return _probe.Host("/", time.monotonic() + 60)


@pytest.fixture
def local():
    """Options that keep every probe on this machine, at ports that nothing listens on."""
    with servers.closed_port() as port:
        yield {
            "wire_server": "127.0.0.1",
            "wire_port": port,
            "host_plugin_port": port,
            "imds_server": "127.0.0.1",
            "imds_port": port,
            "storage_endpoint": None,
        }


def test_a_healthy_wire_server(host, local):
    answer = servers.http(VERSION_LIST, fields="Date: Tue, 05 Jan 2016 10:00:00 GMT\r\n")
    with servers.answering(answer) as (port, requests):
        facts = fabric.wire_http(host, dict(local, wire_port=port))
    assert (facts["connected"], facts["status"], facts["is_version_list"], facts["via"]) == (True, 200, True, None)
    assert facts["clock_offset_s"] == pytest.approx(time.time() - 1451988000, abs=120)
    assert requests[0].startswith(b"GET /?comp=versions HTTP/1.1\r\nHost: 127.0.0.1\r\n")


@pytest.mark.parametrize(
    ("answer", "status", "error"),
    [
        (servers.http(b"<html>log in</html>", fields="Via: 1.1 squid\r\n"), 200, None),
        (servers.http(b"", status="503 Busy"), 503, None),
        (b"SSH-2.0-OpenSSH\r\n\r\n", None, "no HTTP answer"),
        (b"", None, "closed without an answer"),
    ],
)
def test_answers_that_are_no_version_list(host, local, answer, status, error):
    with servers.answering(answer) as (port, _requests):
        facts = fabric.wire_http(host, dict(local, wire_port=port))
    assert (facts["connected"], facts["status"], facts["is_version_list"]) == (True, status, False)
    assert facts["answer_error"] == error
    assert facts["via"] == ("1.1 squid" if b"squid" in answer else None)


def test_a_closed_port(host, local):
    facts = fabric.wire_http(host, local)
    assert (facts["connected"], facts["error"], facts["status"]) == (False, "connection refused", None)


def test_a_server_that_never_answers_is_given_up(local, monkeypatch):
    monkeypatch.setattr(fabric, "SECONDS", 3)
    host = _probe.Host("/", time.monotonic() + 60)
    with servers.answering(None) as (port, _requests):
        facts = fabric.wire_http(host, dict(local, wire_port=port))
    assert (facts["connected"], facts["answer_error"]) == (True, "timed out")


def test_chunked_answers(host, local):
    size = format(len(VERSION_LIST), "x").encode()
    answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + size + b"\r\n" + VERSION_LIST + b"\r\n0\r\n\r\n"
    with servers.answering(answer) as (port, _requests):
        assert fabric.wire_http(host, dict(local, wire_port=port))["is_version_list"]


def test_imds_gives_addresses_and_nothing_private(host, local):
    with servers.answering(servers.http(json.dumps(INSTANCE).encode())) as (port, requests):
        facts = fabric._imds(host, dict(local, imds_port=port))
    assert facts["instance"] == {
        "os_type": "Linux",
        "primary_address": "10.0.0.4",
        "further_addresses": ["10.0.0.5"],
        "primary_mac": "00:0d:3a:11:22:33",
        "compute": COMPUTE,
    }
    assert b"Metadata: true" in requests[0] and "ecret" not in json.dumps(facts)


@pytest.mark.parametrize(
    "body", [b"[]", b'{"compute": {}, "network": {"interface": []}}', b"<html>", b"\xff", b'{"compute": 1}']
)
def test_something_else_than_imds(host, local, body):
    with servers.answering(servers.http(body)) as (port, _requests):
        assert fabric._imds(host, dict(local, imds_port=port))["instance"] is None


def test_the_whole_section(tree, section, local, monkeypatch):
    """On a live system, with everything that would leave this machine pointed at it."""
    monkeypatch.setattr(proxy, "paths", lambda host, options: {})
    monkeypatch.setattr(fabric._firewall, "read", lambda host: (_firewall_rules.Ruleset(), ["nft list ruleset"]))
    monkeypatch.setattr(_links, "primary", lambda host: ({"name": "eth0"}, "default route"))
    host = _probe.Host("/", time.monotonic() + 60)
    with servers.answering(servers.http(VERSION_LIST)) as (port, _requests):
        facts = section(fabric, host, **dict(local, wire_port=port))
    assert facts["wire_http"]["connected"] and not facts["host_plugin"]["connected"]
    assert facts["firewall"] == {"blocking": [], "read_from": ["nft list ruleset"]}
    assert facts["route"]["interface"] == "lo" and facts["route"]["default_interface"] == "eth0"
    assert facts["proxies"] == [] and facts.missing["storage"] == "no storage endpoint is known"
    assert set(facts.missing) == {"storage", "saved_routes"}


def test_rules_that_surprise_the_reader_cost_their_own_fact_only(section, local, monkeypatch):
    monkeypatch.setattr(proxy, "paths", lambda host, options: {})
    monkeypatch.setattr(fabric._firewall, "read", lambda host: {}[0])
    host = _probe.Host("/", time.monotonic() + 60)
    facts = section(fabric, host, **local)
    assert facts["wire_http"]["connected"] is False
    assert facts.missing["firewall"].startswith("Cannot probe 'firewall': KeyError")


def test_the_packet_filter_is_left_alone_when_both_ports_answer(section, local, monkeypatch):
    monkeypatch.setattr(proxy, "paths", lambda host, options: {})
    host = _probe.Host("/", time.monotonic() + 60)
    with servers.answering(servers.http(VERSION_LIST)) as (port, _requests):
        facts = section(fabric, host, **dict(local, wire_port=port, host_plugin_port=port))
    assert facts.missing["firewall"] == "not looked at: both ports answer"


def test_a_tree_has_no_fabric(tree, section):
    facts = section(fabric, tree({"/etc/hostname": "x"}))
    assert facts == {"saved_routes": [], "pinned_names": []} and set(facts.missing.values()) == {_probe.NEEDS_LIVE}


def test_names_of_storage_in_the_hosts_file(tree, section):
    lines = (
        "127.0.0.1 localhost",
        "# 10.1.0.1 old.blob.core.windows.net",
        "10.1.0.2\tMD-x.z1.blob.storage.azure.net.  md-x # y.blob.core.windows.net",
        "10.1.0.3 a.blob.core.chinacloudapi.cn",
        "10.1.0.4 blob.core.example",
    )
    found = section(fabric, tree({"/etc/hosts": "\n".join(lines)}))["pinned_names"]
    assert [(one["name"], one["address"], one["read_from"]) for one in found] == [
        ("md-x.z1.blob.storage.azure.net", "10.1.0.2", "/etc/hosts:3"),
        ("a.blob.core.chinacloudapi.cn", "10.1.0.3", "/etc/hosts:4"),
    ]


PROFILE = "/etc/NetworkManager/system-connections/x.nmconnection"
KEYFILE = "[connection]\nid=x\n[ipv4]\nmethod=auto\n{0}\n"

NETPLAN = "network:\n  ethernets:\n    {0}:\n      dhcp4: true\n      dhcp4-overrides:\n        use-routes: {1}\n"


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        (PROFILE, KEYFILE.format("route1=168.63.129.16/32,10.2.0.1"), 5),
        (PROFILE, KEYFILE.format("route1=10.8.0.0/16,10.2.0.1"), None),
        ("/etc/systemd/network/10-x.network", "[Route]\nGateway=10.2.0.1\nDestination=168.63.0.0/16\n", 3),
        ("/etc/systemd/network/10-x.network", "[Route]\nGateway=10.2.0.1\nDestination=0.0.0.0/0\n", None),
        ("/etc/sysconfig/network-scripts/route-eth1", "# old\n168.63.129.16/32 via 10.2.0.1 dev eth1\n", 2),
        ("/etc/sysconfig/network-scripts/route-eth1", "ADDRESS0=168.63.129.16\nGATEWAY0=10.2.0.1\n", 1),
        ("/etc/sysconfig/network-scripts/route-eth1", "# 168.63.129.16/32 via 10.2.0.1 dev eth1\n", None),
        ("/etc/sysconfig/network-scripts/route-eth1", "168.63.129.16 via 10.2.0.1 dev eth1 table 200\n", None),
        ("/etc/sysconfig/network-scripts/route-eth0", "prohibit 168.63.129.0/24\n", 1),
        ("/etc/sysconfig/network/ifroute-eth1", "168.63.129.16/32 10.2.0.1 - eth1\n", 1),
        (
            "/etc/sysconfig/network-scripts/rule-eth1",
            "from 10.2.0.5 table 9\npriority 5 to 168.63.129.16 lookup 9\n",
            2,
        ),
        ("/etc/sysconfig/network-scripts/rule-eth1", "to 168.63.129.16 table main\nto 10.2.0.0/16 table 9\n", None),
        ("/etc/network/interfaces", "iface eth1 inet dhcp\n  up ip rule add to 168.63.129.16/32 table 9\n", 2),
        ("/etc/network/interfaces", "iface eth1 inet dhcp\n  up ip route add 168.63.129.16 dev eth1 table 9\n", None),
        ("/etc/netplan/60-x.yaml", "    routes:\n      - to: 168.63.129.16/32\n        via: 10.2.0.1\n", 2),
        ("/etc/netplan/60-x.yaml", "    routes:\n      # - to: 168.63.129.16/32\n", None),
        ("/etc/netplan/60-x.yaml.bak", "    routes:\n      - to: 168.63.129.16/32\n", None),
        ("/etc/network/interfaces", "iface eth1 inet dhcp\n  up ip route add 168.63.129.16 via 10.2.0.1\n", 2),
        ("/etc/network/interfaces.d/eth1", "post-up ip route replace 168.63.129.0/24 dev eth1 || :\n", 1),
        ("/etc/network/interfaces", "iface eth1 inet dhcp\n  # up ip route add 168.63.129.16 via 10.2.0.1\n", None),
        ("/etc/netplan/60-x.yaml", NETPLAN.format("eth0", "no"), 6),
        ("/etc/netplan/60-x.yaml", NETPLAN.format("eth0", "yes"), None),
        ("/etc/netplan/60-x.yaml", NETPLAN.format("eth1", "no"), None),
        ("/etc/systemd/network/10-x.network", "[Match]\nName=eth0\n[DHCPv4]\nUseRoutes=false\n", 4),
        ("/etc/systemd/network/10-x.network", "[Match]\nName=eth9\n[DHCPv4]\nUseRoutes=false\n", None),
        (PROFILE, KEYFILE.format("ignore-auto-routes=true"), 5),
        (PROFILE, KEYFILE.format("never-default=true"), None),
        ("/etc/sysconfig/network-scripts/ifcfg-eth0", "DEVICE=eth0\nBOOTPROTO=dhcp\nPEERROUTES=no\n", 3),
        ("/etc/sysconfig/network-scripts/ifcfg-eth0", "DEVICE=eth0\nBOOTPROTO=dhcp\nDEFROUTE=no\n", None),
        ("/etc/network/interfaces", "iface eth1 inet dhcp\n  down ip route add 168.63.129.16 via 10.2.0.1\n", None),
    ],
)
def test_a_tree_has_the_routes_of_its_configuration(tree, section, path, text, line):
    files = {"/etc/network/interfaces": "source interfaces.d/*\n", path: text}
    found = section(fabric, tree(files), wire_server="168.63.129.16")["saved_routes"]
    assert [one.split(": ")[0] for one in found] == ([f"{path}:{line}"] if line else [])


def test_a_tree_has_the_rules_that_are_restored_at_boot(tree, section):
    rules = "*filter\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -d 168.63.129.16/32 -p tcp --dport 80 -j DROP\nCOMMIT\n"
    azure = {"wire_server": "168.63.129.16", "wire_port": 80, "host_plugin_port": 32526}
    firewall = section(fabric, tree({"/etc/sysconfig/iptables": rules}), **azure)["firewall"]
    assert [(rule["port"], rule["verdict"]) for rule in firewall["blocking"]] == [(80, "drop")]
    assert firewall["read_from"] == ["/etc/sysconfig/iptables"]


def paths(monkeypatch, **places):
    found = {client: {"via": "proxy", "proxy": place} for client, place in places.items()}
    monkeypatch.setattr(proxy, "paths", lambda host, options: found)


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", 407),
        (b"HTTP/1.0 200 Connection established\r\n\r\n", 200),
        (b"nonsense\r\n\r\n", None),
    ],
)
def test_what_a_proxy_answers(host, local, monkeypatch, answer, status):
    with servers.answering(answer) as (port, requests):
        paths(monkeypatch, agent=f"127.0.0.1:{port}", snapshot_extension=f"127.0.0.1:{port}", host_plugin="127.0.0.1:1")
        found = _storage.proxies(host, local, 2)
    assert [(facts["clients"], facts["connected"], facts["status"]) for facts in found] == [
        (["agent", "snapshot_extension"], True, status)
    ]
    assert requests[0].startswith(b"CONNECT management.azure.com:443 HTTP/1.1\r\n") and len(requests) == 1


def test_an_unreachable_proxy(host, local, monkeypatch):
    paths(monkeypatch, agent=f"127.0.0.1:{local['wire_port']}")
    assert _storage.proxies(host, local, 2)[0]["error"] == "connection refused"


def test_tls_through_a_proxy_that_is_no_storage(host, local, monkeypatch):
    with servers.answering(b"HTTP/1.1 200 OK\r\n\r\n") as (port, requests):
        paths(monkeypatch, agent=f"127.0.0.1:{port}")
        found = _storage.proxies(host, dict(local, storage_endpoint="x.blob.core.windows.net"), 2)
    assert requests[0].startswith(b"CONNECT x.blob.core.windows.net:443 ")
    assert found[0]["target_is_storage"] and found[0]["tls_error"]


def test_storage_without_tls(host):
    with servers.answering(b"HTTP/1.1 400 Bad Request\r\n\r\n") as (port, _requests):
        facts = _storage.direct(f"127.0.0.1:{port}", 3)
    assert facts["connected"] and facts["tls_error"] and facts["addresses"] == ["127.0.0.1"]


def test_a_name_that_cannot_be_resolved(monkeypatch):
    def refuse(*_arguments):
        raise OSError(-2, "Name or service not known")

    monkeypatch.setattr(_storage.socket, "getaddrinfo", refuse)
    facts = _storage.direct("x.blob.core.windows.net", 2)
    assert not facts["connected"] and facts["dns_error"] and facts["addresses"] == []


def test_the_resolver_is_left_behind(monkeypatch):
    over = threading.Event()
    monkeypatch.setattr(_storage.socket, "getaddrinfo", lambda *_arguments: over.wait() and [])
    try:
        assert _storage.resolve("x", _http.Bound(0.1)) == ([], "cannot be resolved: timed out")
    finally:
        over.set()


def test_the_kernels_own_route():
    assert _netlink.route("127.0.0.1")["interface"] == "lo"
    assert {"interface": "lo", "address": "127.0.0.1", "prefix": 8, "secondary": False} in _netlink.addresses()


@pytest.mark.parametrize(("mode", "lines"), [(0o755, ["3"]), (0o644, [])])
def test_a_tree_has_the_routes_of_scripts_that_run_at_boot(tree, section, tmp_path, mode, lines):
    path = "/etc/NetworkManager/dispatcher.d/30-routes"
    text = '#!/bin/sh\n[ "$2" = up ] || exit 0\nip route add 168.63.129.16/32 via 10.2.0.1 dev "$1"\n'
    host = tree({path: text, "/etc/NetworkManager/dispatcher.d/pre-up.d/10-x": text})
    (tmp_path / path.lstrip("/")).chmod(mode)
    found = section(fabric, host, wire_server="168.63.129.16")["saved_routes"]
    assert [one.split(":")[1] for one in found] == lines
