# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import stat
import time
import types

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._guest import kernel_routes, leases, network_config
from ansible_collections.vmbackup.azure.plugins.module_utils._probe import dhcp

AZURE_NETPLAN = """\
network:
    ethernets:
        eth0:
            dhcp4: true   # the platform's
            dhcp4-overrides:
                route-metric: 100
            dhcp6: false
            match:
                driver: hv_netvsc
                macaddress: 00:0D:3a:11:22:33
            set-name: eth0
    version: 2
"""
STATIC_NETPLAN = """\
network:
  version: 2
  ethernets:
    eth0:
      dhcp4: no
      addresses: [10.0.0.4/24, "fd00::4/64"]
"""
DHCLIENT = """\
lease {
  interface "eth0";
  fixed-address 10.0.0.4;
  option unknown-245 a8:3f:81:11;
  expire 2 2016/01/05 10:00:00;
}
lease {
  interface "eth1";
  option unknown-245 1:2:3:4;
  expire never;
}
lease {
  interface "eth0";
  fixed-address 10.0.0.4;
  option unknown-245 a8:3f:81:10;
  renew 5 2099/01/01 00:00:00;
  expire 6 2099/01/02 00:00:00;
}
"""


def primary(facts):
    return {key: facts["primary"][key] for key in ("interface", "client", "method", "static_addresses", "read_from")}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"/etc/netplan/50-cloud-init.yaml": AZURE_NETPLAN}, ("netplan", "dhcp", [], ":4")),
        (
            {"/etc/netplan/50-cloud-init.yaml": AZURE_NETPLAN, "/etc/netplan/60-x.yaml": STATIC_NETPLAN},
            ("netplan", "static", ["10.0.0.4"], ":6"),
        ),
        (
            {"/etc/netplan/01.yaml": "network:\n  ethernets:\n    eth0:\n      addresses:\n      - 10.0.0.4/24\n"},
            ("netplan", "static", ["10.0.0.4"], ":5"),
        ),
        (
            {"/etc/systemd/network/x.network": "[Match]\nName=en* eth*\n[Network]\nDHCP=yes\n"},
            ("networkd", "dhcp", [], ":4"),
        ),
        (
            {
                "/etc/systemd/network/x.network": "[Match]\nName=eth0\n[Network]\nDHCP=no\n"
                "[Address]\nAddress=10.0.0.4/24\n"
            },
            ("networkd", "static", ["10.0.0.4"], ":6"),
        ),
        (
            {
                "/etc/NetworkManager/system-connections/a.nmconnection": "[connection]\ninterface-name=eth0\n"
                "type=ethernet\n[ipv4]\nmethod=manual\naddress1=10.0.0.4/24,10.0.0.1\n"
            },
            ("networkmanager", "static", ["10.0.0.4"], ":5"),
        ),
        (
            {
                "/etc/NetworkManager/system-connections/a.nmconnection": "[connection]\ninterface-name=eth0\n"
                "autoconnect=no\n[ipv4]\nmethod=manual\naddress1=10.0.0.4/24\n",
                "/etc/sysconfig/network-scripts/ifcfg-old": "DEVICE=eth0\nONBOOT='no'\nIPADDR=10.0.0.5\n",
                "/etc/sysconfig/network-scripts/ifcfg-eth0": "DEVICE=eth0\nBOOTPROTO=dhcp\n",
            },
            ("ifcfg", "dhcp", [], ":2"),
        ),
        (
            {"/etc/sysconfig/network-scripts/ifcfg-eth0": "DEVICE=eth0\nBOOTPROTO=dhcp\nONBOOT=yes\n"},
            ("ifcfg", "dhcp", [], ":2"),
        ),
        (
            {"/etc/sysconfig/network/ifcfg-eth0": "BOOTPROTO='static'\nIPADDR='10.0.0.4/24'\nIPADDR_1='fd00::4/64'\n"},
            ("ifcfg", "static", ["10.0.0.4"], ":2"),
        ),
        (
            {"/etc/network/interfaces": "auto lo\niface lo inet loopback\nauto eth0\niface eth0 inet dhcp\n"},
            ("ifupdown", "dhcp", [], ":4"),
        ),
        (
            {
                "/etc/network/interfaces": "source-directory interfaces.d\n",
                "/etc/network/interfaces.d/eth0": "iface eth0 inet static\n  address 10.0.0.4/24\n"
                "iface eth0 inet6 auto\n",
            },
            ("ifupdown", "static", ["10.0.0.4"], ":1"),
        ),
        (
            {"/etc/network/interfaces": "iface eth0 inet manual\n  pre-up /sbin/ifconfig $IFACE 10.0.0.4 up\n"},
            ("ifupdown", "static", ["10.0.0.4"], ":1"),
        ),
        (
            {"/etc/network/interfaces": "iface eth0 inet manual\n  post-up /usr/sbin/udhcpc -i eth0\n"},
            ("ifupdown", "dhcp", [], ":1"),
        ),
        (
            {"/etc/network/interfaces": "iface eth0 inet manual\n  up ip route add 10.0.0.0/8 dev eth0\n"},
            ("ifupdown", None, [], ":1"),
        ),
        (
            {"/etc/network/interfaces": "iface eth0 inet dhcp\n  up ip addr add 10.0.0.5/24 dev eth0\n"},
            ("ifupdown", "dhcp", [], ":1"),
        ),
        (
            {"/etc/dhcpcd.conf": "hostname\ninterface eth0\nstatic ip_address=10.0.0.4/24\n"},
            ("dhcpcd", "static", ["10.0.0.4"], ":3"),
        ),
        (
            {"/etc/dhcpcd.conf": "static ip_address=10.0.0.4/24\nssid home\nstatic ip_address=10.0.0.5/24\n"},
            ("dhcpcd", "static", ["10.0.0.4"], ":1"),
        ),
    ],
)
def test_method_of_every_configuration_system(tree, section, files, expected):
    found = primary(section(dhcp, tree(files)))
    assert found["interface"] == "eth0"
    assert (found["client"], found["method"], found["static_addresses"]) == expected[:3]
    assert found["read_from"].endswith(expected[3]) and found["read_from"].rpartition(":")[0] == list(files)[-1]


def test_hidden_files_are_read_by_no_one(tree, section):
    static = "[Match]\nName=eth0\n[Network]\nAddress=10.0.0.4/24\n"
    leased = "[Match]\nName=eth0\n[Network]\nDHCP=yes\n"
    files = {"/etc/systemd/network/.hidden.network": static, "/etc/systemd/network/eth0.network": leased}
    assert primary(section(dhcp, tree(files)))["method"] == "dhcp"


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("source d/*", ["d/a", "d/b.cfg", "d/c~", "d/e f"]),
        ("source /etc/network/d/*.cfg /etc/network/d/sub/?", ["d/b.cfg", "d/sub/g"]),
        ('source "d/[ac]"', ["d/a"]),
        ("source \\\n  d/a", ["d/a"]),
        ("source-directory d", ["d/a"]),
        ("source-dir /etc/network/d/*", ["d/sub/g"]),
        ("source ../network/d/sub/g", ["../network/d/sub/g"]),
        ("source d", []),
        ("source interfaces nothing/*", []),
        ("# source d/*", []),
        ("sourced d/*", []),
        ("", []),
    ],
)
def test_ifupdown_reads_what_its_files_name(tree, line, read):
    """As ifquery of ifupdown 0.8.41 lists the interfaces of these files."""
    names = ("d/a", "d/b.cfg", "d/c~", "d/e f", "d/.h", "d/sub/g", "interfaces.d/i")
    files = {f"/etc/network/{name}": "iface x inet dhcp\n" for name in names}
    host = tree({**files, "/etc/network/interfaces": f"auto lo\n{line}\n", "/run/network/interfaces.d/r": "auto r\n"})
    found = ["/etc/network/interfaces", *(f"/etc/network/{name}" for name in read)]
    assert network_config.interfaces_files(host) == found


def test_files_of_ifupdown_name_others_without_end(tree):
    files = {f"/etc/network/{n}": f"source /etc/network/{n + 1}\niface eth{n} inet dhcp\n" for n in range(3)}
    files["/etc/network/3"] = "source interfaces\nsource /etc/network/[0-9]*\n" + "iface eth3 inet dhcp\n"
    found = network_config.interfaces_files(tree({**files, "/etc/network/interfaces": "source 0\n"}))
    assert found == ["/etc/network/interfaces", *(f"/etc/network/{n}" for n in range(4))]


@pytest.mark.parametrize(
    ("owner", "mode", "method"),
    [(0, 0o600, "static"), (0, 0o400, "static"), (0, 0o640, "dhcp"), (0, 0o604, "dhcp"), (1000, 0o600, "dhcp")],
)
def test_profiles_that_others_may_read_are_not_for_network_manager(tree, monkeypatch, owner, mode, method):
    folder = "/etc/NetworkManager/system-connections"
    static = "[connection]\ninterface-name=eth0\n[ipv4]\nmethod=manual\naddress1=10.0.0.4/24\n"
    host = tree({f"{folder}/a.nmconnection": static, f"{folder}/b.nmconnection": "[connection]\ninterface-name=eth0\n"})
    found = [one.method for one in network_config.keyfiles(host)]
    assert found == ["static", "dhcp"], "a saved tree has other owners and modes"
    places = [host.path(directory) for directory in network_config.KEYFILES]
    kept = {"a.nmconnection": (owner, mode), "b.nmconnection": (0, 0o600)}

    def stat_of(path, follow=True):
        uid, bits = kept[path.rpartition("/")[2]]
        return types.SimpleNamespace(st_uid=uid, st_mode=stat.S_IFREG | bits)

    monkeypatch.setattr(host, "stat", stat_of)
    monkeypatch.setattr(network_config, "KEYFILES", places)
    host.live = True
    assert next(one.method for one in network_config.keyfiles(host)) == method


@pytest.mark.parametrize(
    ("name", "method"),
    [
        *((name, "dhcp") for name in ("a.nmconnection~", "a.SWP", "a.swpx", "a.pem", "a.der", "a.nmconnection.Ab12Cd")),
        ("a.bak", "static"),
        ("a.nmconnection", "static"),
    ],
)
def test_files_that_network_manager_does_not_read(tree, section, name, method):
    folder = "/etc/NetworkManager/system-connections"
    static = "[connection]\ninterface-name=eth0\n[ipv4]\nmethod=manual\naddress1=10.0.0.4/24\n"
    files = {f"{folder}/{name}": static, f"{folder}/b.nmconnection": "[connection]\ninterface-name=eth0\n"}
    assert primary(section(dhcp, tree(files)))["method"] == method


def test_files_that_are_for_others_do_not_count(tree, section):
    host = tree(
        {
            "/usr/lib/systemd/network/80-container-host0.network": "[Match]\nKind=veth\nName=host0\n"
            "[Network]\nDHCP=yes\n",
            "/etc/sysconfig/network-scripts/ifcfg-eth0": "BOOTPROTO=dhcp\n",
            "/etc/sysconfig/network-scripts/ifcfg-eth0.bak": "BOOTPROTO=static\nIPADDR=1.2.3.4\n",
        }
    )
    assert primary(section(dhcp, host))["method"] == "dhcp"


RED_HAT, SUSE = "/etc/sysconfig/network-scripts/ifcfg-eth0", "/etc/sysconfig/network/ifcfg-eth0"
DEBIAN = "/etc/network/interfaces"
NETWORK, NETPLAN = "/etc/systemd/network/eth0.network", "/etc/netplan/90.yaml"
PROFILE = "/etc/NetworkManager/system-connections/{0}.nmconnection"
LEFT_DOWN = "[connection]\ntype=ethernet\ninterface-name=eth0\nautoconnect=no\n[ipv4]\nmethod=auto\n"


@pytest.mark.parametrize(
    ("files", "waits"),
    [
        ({RED_HAT: "BOOTPROTO=dhcp\nONBOOT='No'\n"}, f"{RED_HAT}:2"),
        ({RED_HAT: "BOOTPROTO=dhcp\n"}, None),
        ({RED_HAT: "ONBOOT=no\n", PROFILE.format("any"): LEFT_DOWN.replace("=no", "=true")}, None),
        ({SUSE: "STARTMODE=manual\nBOOTPROTO=dhcp\n"}, f"{SUSE}:1"),
        ({SUSE: "STARTMODE='ifplugd'\nBOOTPROTO=dhcp\n"}, None),
        ({PROFILE.format("eth0"): LEFT_DOWN}, PROFILE.format("eth0") + ":4"),
        ({NETWORK: "[Match]\nName=eth0\n[Link]\nActivationPolicy=always-down\n"}, f"{NETWORK}:4"),
        ({NETWORK: "[Match]\nName=eth0\n[Link]\nUnmanaged=yes\nUnmanaged=no\n[Network]\nDHCP=yes\n"}, None),
        ({NETPLAN: "network: {ethernets: {eth0: {dhcp4: true, activation-mode: off}}}\n"}, f"{NETPLAN}:1"),
        ({NETPLAN: "network: {ethernets: {eth1: {activation-mode: off}, eth0: {dhcp4: true}}}\n"}, None),
        ({DEBIAN: "auto lo eth1\niface eth0 inet dhcp\n"}, f"{DEBIAN}:2"),
        ({DEBIAN: "iface eth0 inet dhcp\nauto lo \\\n  eth0\n"}, None),
        ({DEBIAN: "auto /eth*\niface eth0 inet dhcp\n"}, None),
        ({DEBIAN: "source interfaces.d/*\nallow-hotplug eth0\n", f"{DEBIAN}.d/a": "iface eth0 inet dhcp\n"}, None),
    ],
)
def test_an_interface_that_waits_for_somebody(tree, section, files, waits):
    assert section(dhcp, tree(files))["primary"]["waits"] == waits


def test_nothing_configured(tree, section):
    facts = section(dhcp, tree({"/etc/hostname": "x"}))
    assert "primary" not in facts and facts.missing["primary"] == "live"
    assert facts["cached_endpoint"] is None and facts["pinned_macs"] == []


def test_dhclient_takes_the_last_lease_of_the_interface():
    found = leases.dhclient(DHCLIENT, "f", "eth0")
    assert (found["option_245"], found["expires"], found["expired"]) == ("168.63.129.16", "2099-01-02T00:00:00Z", False)
    assert leases.dhclient(DHCLIENT, "f", "eth1")["expired"] is False
    assert leases.dhclient(DHCLIENT, "f", "eth9") is None


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("option unknown-245 a8:3f:81:10;", "168.63.129.16"),
        ("option unknown-245 a:0:0:5;", "10.0.0.5"),
        # What follows is what the agent does not see.
        (r'option unknown-245 "\250?\201\020";', None),
        ("option unknown-24 a8:3f:81:10;", None),
        ("option  unknown-245 a8:3f:81:10;", None),
        ("option unknown-245 a8:3f:81:10 ;", None),
        ("# option unknown-245 a8:3f:81:10;", None),
        ("option unknown-245 1:2:3:4;\n  option  unknown-245 a8:3f:81:10;", "168.63.129.16"),
        ("option unknown-245 a8:3f:81:10; # expires never", None),
        ("option unknown-245 " + "9" * 5000 + ":3f:81:10;", None),
    ],
)
def test_dhclient_spellings_of_option_245(line, address):
    text = 'lease {\n  interface "eth0";\n  ' + line + "\n  expire never;\n}\n"
    assert leases.dhclient(text, "f", "eth0")["option_245"] == address


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("lease{\n  option unknown-245 a8:3f:81:10;\n  expire never;\n}\n", ("168.63.129.16", False)),
        ("lease {\n  option unknown-245 a8:3f:81:10;\n  expire never;\n", None),
        ("lease {\n  option unknown-245 a8:3f:81:10;\n\texpire 2 2099/01/01 00:00:00;\n}\n", ("168.63.129.16", True)),
        ("lease {\n  option unknown-245 a8:3f:81:10;\n  expire epoch 4000000000;\n}\n", ("168.63.129.16", True)),
        (
            "lease {\n  option unknown-245 a8:3f:81:10;\n  expire never;\n}\nlease {\n  option unknown-245 1:1:1:1;\n"
            "  expire 2 2001/01/01 00:00:00;\n}\n",
            ("168.63.129.16", False),
        ),
    ],
)
def test_dhclient_leases_as_the_agent_takes_them(text, found):
    lease = leases.dhclient(text, "f", "eth0")
    assert (lease and (lease["option_245"], lease["expired"])) == found


def test_a_date_that_cannot_be_read_counts_as_expired():
    assert leases.dhclient('lease {\n  interface "eth0";\n  expire 2 soon;\n}\n', "f", "eth0")["expired"] is True


@pytest.mark.parametrize(
    ("text", "address"),
    [("a83f8110", "168.63.129.16"), ("a8:3f:81:10", "168.63.129.16"), ("a8:3f:81", None), ("zz", None), (None, None)],
)
def test_option_in_hexadecimal(text, address):
    assert leases.hex_option(text) == address


def test_leases_of_the_other_clients(tree):
    packet = bytes(236) + b"\x63\x82\x53\x63" + b"\x35\x01\x05\x00\xf5\x04\xa8\x3f\x81\x10\xff"
    host = tree(
        {
            "/run/systemd/netif/leases/2": "# private\nADDRESS=10.0.0.4\nOPTION_245=a83f8110\n",
            "/var/lib/dhcpcd/eth0.lease": packet,
            "/var/lib/wicked/lease-eth0-dhcp-ipv4.xml": "<lease><unknown-245>a8:3f:81:10</unknown-245></lease>",
            "/var/lib/NetworkManager/internal-0a-eth0.lease": "ADDRESS=10.0.0.4\n",
        }
    )
    found = {lease["client"]: lease for lease in leases.find(host, "eth0", 2)}
    for client in ("networkd", "dhcpcd", "wicked"):
        assert found[client]["option_245"] == "168.63.129.16"
    assert found["networkmanager"]["keeps_options"] is False
    assert [lease["client"] for lease in leases.find(host, "eth1", 3)] == []


def test_the_lease_of_the_client_in_use_counts(tree, section):
    host = tree(
        {
            "/etc/systemd/network/x.network": "[Match]\nName=eth0\n[Network]\nDHCP=ipv4\n",
            "/run/systemd/netif/leases/2": "ADDRESS=10.0.0.4\n",
            "/var/lib/dhcp/dhclient.eth0.leases": DHCLIENT,
        }
    )
    assert section(dhcp, host)["lease"]["client"] == "networkd"


@pytest.mark.parametrize("path", ["/var/lib/dhcp/dhclient.eth0.leases", "/var/lib/dhclient/dhclient-x-eth0.lease"])
def test_lease_of_a_tree_is_not_called_expired(tree, section, path):
    host = tree({path: DHCLIENT.replace("2099", "2017"), "/etc/network/interfaces": "iface eth0 inet dhcp\n"})
    lease = section(dhcp, host)["lease"]
    assert (lease["option_245"], lease["expired"], lease["read_from"]) == ("168.63.129.16", None, path)


@pytest.mark.parametrize(
    ("path", "read"),
    [
        ("/var/lib/NetworkManager/dhclient-5fb06bd0-0bb0-7ffb-45f1-d6edd65f3e03-eth0.lease", True),
        ("/var/lib/NetworkManager/dhclient-65b06bd0-0bb0-7ffb-45f1-d6edd65f3e03-eth0.lease", True),
        ("/var/lib/NetworkManager/dhclient-eth6.leases", True),
        ("/var/lib/NetworkManager/dhclient6-5fb06bd0-0bb0-7ffb-45f1-d6edd65f3e03-eth0.lease", False),
        ("/var/lib/dhclient/dhclient6--eth0.leases", False),
        ("/var/lib/dhcp/dhclient6.leases", False),
        ("/var/lib/dhcp/dhclient.eth0.leases~", False),
        ("/var/lib/NetworkManager/dhclient-eth0.conf", False),
    ],
)
def test_files_of_dhclient_for_version_4(tree, path, read):
    assert [found["read_from"] for found in leases.find(tree({path: DHCLIENT}), "eth0")] == ([path] if read else [])


def test_cached_endpoint_and_pinned_addresses(tree, section):
    host = tree(
        {
            "/etc/waagent.conf": "Lib.Dir=/opt/waagent/\n",
            "/opt/waagent/WireServerEndpoint": "168.63.129.16",
            "/opt/waagent/Protocol": "WireProtocol",
            "/etc/netplan/50-cloud-init.yaml": AZURE_NETPLAN,
            "/etc/sysconfig/network-scripts/ifcfg-eth0": 'HWADDR="00-0D-3A-AA-BB-CC"\nBOOTPROTO=dhcp\n',
            "/etc/udev/rules.d/70-persistent-net.rules": '# ATTR{address}=="00:0d:3a:00:00:00"\n'
            'SUBSYSTEM=="net", ATTR{address}=="00:0D:3A:01:02:03", NAME="eth0"\n',
        }
    )
    facts = section(dhcp, host)
    assert facts["cached_endpoint"] == {"value": "168.63.129.16", "read_from": "/opt/waagent/WireServerEndpoint"}
    assert facts["cached_protocol"]["value"] == "WireProtocol"
    assert [(pin["mac"], pin["read_from"].rpartition("/")[2]) for pin in facts["pinned_macs"]] == [
        ("00:0d:3a:11:22:33", "50-cloud-init.yaml:10"),
        ("00:0d:3a:aa:bb:cc", "ifcfg-eth0:1"),
        ("00:0d:3a:01:02:03", "70-persistent-net.rules:2"),
    ]


def test_a_definition_by_hardware_address(tree):
    found = list(network_config.netplan(tree({"/etc/netplan/a.yaml": AZURE_NETPLAN})))
    assert found[0].is_for("anything", "00:0D:3A:11:22:33") and not found[0].is_for("eth0", "00:0d:3a:00:00:01")


def test_routing_table():
    text = (
        "Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n"
        "eth0 00000000 0100000A 0003 0 0 100 00000000 0 0 0\n"
        "eth0 10813FA8 0100000A 0007 0 0 100 FFFFFFFF 0 0 0\n"
        "eth0 00000000 00000000 0201 0 0 0 00000000 0 0 0\n"
    )
    assert kernel_routes.parse(text) == [
        {"interface": "eth0", "destination": "0.0.0.0", "prefix": 0, "gateway": "10.0.0.1", "metric": 100},
        {"interface": "eth0", "destination": "168.63.129.16", "prefix": 32, "gateway": "10.0.0.1", "metric": 100},
    ]


def test_expiry_is_stated_in_utc():
    assert leases.lease("x", "f", None, time.time() + 60)["expired"] is False
    assert leases.lease("x", "f", None, "never")["expires"] == "never"


@pytest.mark.parametrize(
    ("path", "text", "option", "keeps", "address"),
    [
        (
            "/var/lib/wicked/lease-eth0-dhcp-ipv4.xml",
            "<lease><ipv4:dhcp><address>10.0.0.4/24</address></ipv4:dhcp></lease>",
            None,
            False,
            "10.0.0.4",
        ),
        ("/run/wicked/leaseinfo.eth0.dhcp.ipv4", "IPADDR='10.0.0.5/24'\nINTERFACE='eth0'\n", None, False, "10.0.0.5"),
        ("/var/lib/NetworkManager/internal-x-eth0.lease", "ADDRESS=10.0.0.6\n", None, False, "10.0.0.6"),
        (
            "/var/lib/NetworkManager/internal-x-eth0.lease",
            "ADDRESS=10.0.0.7\nOPTION_245=a83f8110\n",
            "168.63.129.16",
            True,
            "10.0.0.7",
        ),
        ("/var/lib/dhcpcd/eth0.lease", "no packet", None, False, None),
    ],
)
def test_what_the_file_of_a_client_can_hold(tree, path, text, option, keeps, address):
    (found,) = leases.find(tree({path: text}), "eth0")
    assert (found["option_245"], found["keeps_options"], found["address"]) == (option, keeps, address)


@pytest.mark.parametrize(("older", "newer"), [("a", "b"), ("b", "a")])
def test_networkmanager_keeps_the_leases_of_connections_that_are_gone(tree, older, newer):
    paths = {name: f"/var/lib/NetworkManager/internal-{name}-eth0.lease" for name in (older, newer)}
    host = tree({paths[older]: "ADDRESS=10.0.0.6\n", paths[newer]: "ADDRESS=10.0.0.7\n"})
    os.utime(host.path(paths[older]), (1, 1))
    (found,) = leases.find(host, "eth0")
    assert (found["address"], found["read_from"]) == ("10.0.0.7", paths[newer])


@pytest.mark.parametrize(("older", "newer"), [("a", "b"), ("b", "a")])
def test_the_lease_of_an_image_that_never_expires_is_not_the_newest(tree, section, older, newer):
    paths = {name: f"/var/lib/NetworkManager/dhclient-{name}-eth0.lease" for name in (older, newer)}
    image = DHCLIENT.replace("10.0.0.4", "10.0.0.6").replace("expire 6 2099/01/02 00:00:00", "expire never")
    host = tree({paths[older]: image, paths[newer]: DHCLIENT, "/etc/network/interfaces": "iface eth0 inet dhcp\n"})
    os.utime(host.path(paths[older]), (1, 1))
    found = section(dhcp, host)["lease"]
    assert (found["address"], found["read_from"]) == ("10.0.0.4", paths[newer])


def test_the_newest_file_of_another_interface_does_not_count(tree):
    other = DHCLIENT.replace("eth0", "eth2")
    paths = [f"/var/lib/dhclient/dhclient--{name}.lease" for name in ("eth0", "eth2")]
    host = tree({paths[0]: DHCLIENT, paths[1]: other})
    os.utime(host.path(paths[0]), (1, 1))
    assert [found["read_from"] for found in leases.find(host, "eth0")] == paths[:1]


def test_a_whole_packet_of_dhcpcd(tree):
    packet = bytes(16) + bytes([10, 0, 0, 8]) + bytes(216) + leases.COOKIE + bytes([53, 1, 5, 255])
    (found,) = leases.find(tree({"/var/lib/dhcpcd/eth0.lease": packet}), "eth0")
    assert (found["option_245"], found["keeps_options"], found["address"]) == (None, True, "10.0.0.8")


@pytest.mark.parametrize(
    ("word", "stated"), [("guard-armed", True), ("guard-reverting", True), ("guard-confirmed", False)]
)
def test_a_change_on_trial(tree, section, word, stated):
    path = f"/var/lib/vmbackup/journal/night/{word}"
    host = tree({path: "", "/etc/network/interfaces": "iface eth0 inet dhcp\n"})
    facts = section(dhcp, host)
    assert facts["primary"]["on_trial"] == (path if stated else None)
