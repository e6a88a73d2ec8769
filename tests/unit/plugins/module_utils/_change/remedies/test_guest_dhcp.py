# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Static to DHCP in every format: only what belongs to the static address goes."""

import pathlib

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._change import network_services
from ansible_collections.vmbackup.azure.plugins.module_utils._change.commands import Result
from ansible_collections.vmbackup.azure.plugins.module_utils._change.errors import ChangeError
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies import guest_dhcp
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies import network_formats as formats
from ansible_collections.vmbackup.azure.plugins.module_utils._change.transaction import Context
from ansible_collections.vmbackup.azure.plugins.module_utils._guest import mount_table
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.errors import Refused

ETHERNET = "network:\n  ethernets:\n    eth0:\n"

CASES = {
    "ifupdown": (
        formats.IFUPDOWN,
        """# lo first
auto lo
iface lo inet loopback

auto eth0
iface eth0 inet static
    address 10.0.0.4/24
    gateway 10.0.0.1
    dns-nameservers 10.0.0.53
    up ip route add 10.9.0.0/16 via 10.0.0.2
iface eth0 inet6 auto
iface eth1 inet static
    address 10.1.0.4/24
""",
        """# lo first
auto lo
iface lo inet loopback

auto eth0
iface eth0 inet dhcp
    dns-nameservers 10.0.0.53
    up ip route add 10.9.0.0/16 via 10.0.0.2
iface eth0 inet6 auto
iface eth1 inet static
    address 10.1.0.4/24
""",
    ),
    "ifcfg": (
        formats.IFCFG,
        'DEVICE=eth0\nBOOTPROTO="none"\nIPADDR=10.0.0.4\nPREFIX=24\nGATEWAY=10.0.0.1\nDNS1=10.0.0.53\nIPV6INIT=no\n',
        "DEVICE=eth0\nBOOTPROTO=dhcp\nDNS1=10.0.0.53\nIPV6INIT=no\n",
    ),
    "ifcfg without a word on the method": (
        formats.IFCFG,
        "DEVICE=eth0\nIPADDR0=10.0.0.4\nNETMASK0=255.255.255.0\n",
        "DEVICE=eth0\nBOOTPROTO=dhcp\n",
    ),
    "wicked": (
        formats.WICKED,
        "STARTMODE='auto'\nBOOTPROTO='static'\nIPADDR='10.0.0.4/24'\nLABEL='1'\nMTU='1400'\n",
        "STARTMODE='auto'\nBOOTPROTO='dhcp'\nLABEL='1'\nMTU='1400'\n",
    ),
    "routes of wicked": (
        formats.IFROUTE,
        "default 10.0.0.1 - -\n10.9.0.0/16 10.0.0.2 - -\n",
        "10.9.0.0/16 10.0.0.2 - -\n",
    ),
    "networkd": (
        formats.NETWORKD,
        """[Match]
Name=eth0

[Network]
Address=10.0.0.4/24
Address=fd00::4/64
Gateway=10.0.0.1
DNS=10.0.0.53

[Address]
Address=10.0.0.4/24

[Route]
Gateway=10.0.0.1

[Route]
Destination=10.9.0.0/16
Gateway=10.0.0.2
""",
        """[Match]
Name=eth0

[Network]
DHCP=ipv4
Address=fd00::4/64
DNS=10.0.0.53

[Route]
Destination=10.9.0.0/16
Gateway=10.0.0.2
""",
    ),
    "networkd with IPv6 by DHCP": (
        formats.NETWORKD,
        "[Network]\nDHCP=ipv6\nAddress=10.0.0.4/24\n",
        "[Network]\nDHCP=yes\n",
    ),
    "NetworkManager": (
        formats.KEYFILE,
        """[connection]
id=eth0

[ipv4]
address1=10.0.0.4/24,10.0.0.1
dns=10.0.0.53;
method=manual

[ipv6]
method=auto
address1=fd00::4/64
""",
        """[connection]
id=eth0

[ipv4]
dns=10.0.0.53;
method=auto

[ipv6]
method=auto
address1=fd00::4/64
""",
    ),
    "netplan": (
        formats.NETPLAN,
        """network:
  version: 2
  ethernets:
    eth0:
      # by hand
      addresses:
      - 10.0.0.4/24
      - "fd00::4/64"
      routes:
        - to: default
          via: 10.0.0.1
      dhcp4: no
      nameservers:
        addresses: [10.0.0.53]
    eth1:
      addresses: [10.1.0.4/24]
""",
        """network:
  version: 2
  ethernets:
    eth0:
      # by hand
      addresses:
      - "fd00::4/64"
      dhcp4: true
      nameservers:
        addresses: [10.0.0.53]
    eth1:
      addresses: [10.1.0.4/24]
""",
    ),
    "netplan with gateway4": (
        formats.NETPLAN,
        "network:\n  ethernets:\n    eth0:\n      addresses: [10.0.0.4/24]\n      gateway4: 10.0.0.1\n",
        "network:\n  ethernets:\n    eth0:\n      dhcp4: true\n",
    ),
    "netplan with IPv6 and another route in brackets": (
        formats.NETPLAN,
        ETHERNET + "      addresses: [10.0.0.4/24, 'fd00::4/64']\n      routes: [{to: 10.9.0.0/16, via: 10.0.0.1}]\n",
        ETHERNET
        + "      dhcp4: true\n      addresses: ['fd00::4/64']\n      routes: [{to: 10.9.0.0/16, via: 10.0.0.1}]\n",
    ),
    "netplan with the default route of IPv6": (
        formats.NETPLAN,
        ETHERNET + "      routes:\n      - to: default\n        via: fe80::1\n      - {to: 0.0.0.0/0, via: 10.0.0.1}\n",
        ETHERNET + "      dhcp4: true\n      routes:\n      - to: default\n        via: fe80::1\n",
    ),
    "netplan with routes of a table of its own": (
        formats.NETPLAN,
        ETHERNET + "      dhcp4: no  # why\n      routes:\n        - {to: default, via: 10.0.0.1, table: 200}\n",
        ETHERNET + "      dhcp4: true  # why\n      routes:\n        - {to: default, via: 10.0.0.1, table: 200}\n",
    ),
    "netplan with a label": (
        formats.NETPLAN,
        ETHERNET
        + "      addresses:\n        # by hand\n        - 10.0.0.4/24:\n            label: eth0:1\n      mtu: 1400\n",
        ETHERNET + "      dhcp4: true\n      mtu: 1400\n",
    ),
    "netplan with labels of which one stays": (
        formats.NETPLAN,
        ETHERNET
        + "      addresses:\n        - 10.0.0.4/24:\n            label: eth0:1\n"
        + "        - fd00::4/64:\n            lifetime: 0\n",
        ETHERNET + "      dhcp4: true\n      addresses:\n        - fd00::4/64:\n            lifetime: 0\n",
    ),
    "netplan in one line": (
        formats.NETPLAN,
        "network: {version: 2, ethernets: {eth0: {addresses: [10.0.0.4/24, 'fd00::4/64'], gateway4: 10.0.0.1}}}\n",
        "network: {version: 2, ethernets: {eth0: {dhcp4: true, addresses: ['fd00::4/64']}}}\n",
    ),
    "netplan with brackets over several lines": (
        formats.NETPLAN,
        ETHERNET + "      addresses: [\n        10.0.0.4/24,  # old\n        'fd00::4/64'\n      ]\n",
        ETHERNET + "      dhcp4: true\n      addresses: ['fd00::4/64']\n",
    ),
    "netplan without settings": (
        formats.NETPLAN,
        ETHERNET + "    eth1: {}\n",
        ETHERNET[:-1] + " {dhcp4: true}\n    eth1: {}\n",
    ),
    "ifupdown with continued lines": (
        formats.IFUPDOWN,
        "iface eth0 inet \\\n  static\n  address \\\n10.0.0.4/24\n  # address \\\n  mtu 1400\n"
        "iface eth0:1 inet static\n  address 10.0.0.9/24\n",
        "iface eth0 inet dhcp\n  # address \\\n  mtu 1400\niface eth0:1 inet static\n  address 10.0.0.9/24\n",
    ),
    "ifupdown with commands for other routes": (
        formats.IFUPDOWN,
        "iface eth0 inet static\n\taddress\t10.0.0.4/24\n\tup ip -6 route add default via fe80::1\n"
        "\tup ip route add default via 10.0.0.1 table 200\nno-auto-down eth0\n",
        "iface eth0 inet dhcp\n\tup ip -6 route add default via fe80::1\n"
        "\tup ip route add default via 10.0.0.1 table 200\nno-auto-down eth0\n",
    ),
    "dhcpcd": (
        formats.DHCPCD,
        "hostname\n# mine\ninterface eth0\n  static ip_address=10.0.0.4/24\nstatic routers=10.0.0.1 \n"
        "static domain_name_servers=10.0.0.53\nstatic ip6_address=fd00::4/64\ninterface eth1\n"
        "static ip_address=10.1.0.4/24\nssid home\nstatic ip_address=10.2.0.4/24\n",
        "hostname\n# mine\ninterface eth0\n"
        "static domain_name_servers=10.0.0.53\nstatic ip6_address=fd00::4/64\ninterface eth1\n"
        "static ip_address=10.1.0.4/24\nssid home\nstatic ip_address=10.2.0.4/24\n",
    ),
    "wicked with IPv6": (
        formats.WICKED,
        "BOOTPROTO='static'\nIPADDR='10.0.0.4/24'\nIPADDR_1='fd00::4/64'\nPREFIXLEN_1='64'\nIPADDR_2='fd00::5'\nNETMASK='255.0.0.0'\n",
        "BOOTPROTO='dhcp'\nIPADDR_1='fd00::4/64'\nPREFIXLEN_1='64'\nIPADDR_2='fd00::5'\n",
    ),
    "routes of wicked for others": (
        formats.IFROUTE,
        "default fe80::1 - eth0\ndefault 10.1.0.1 - eth1\ndefault 10.0.0.1 - eth0\n",
        "default fe80::1 - eth0\ndefault 10.1.0.1 - eth1\n",
    ),
    "networkd with other default routes": (
        formats.NETWORKD,
        "[Network]\nDHCP=no\nGateway=fe80::1\n[Route]\nGateway=10.0.0.1\nTable=200\n[Route]\nDestination=0.0.0.0/0\nScope=link\n",
        "[Network]\nDHCP=ipv4\nGateway=fe80::1\n[Route]\nGateway=10.0.0.1\nTable=200\n",
    ),
    "NetworkManager with routes": (
        formats.KEYFILE,
        "[ipv4]\nmethod=manual\n address1 = 10.0.0.4/24\nroute1=10.9.0.0/16,10.0.0.1\nroute2=0.0.0.0/0,10.0.0.1\n"
        "[ipv6]\nroute1=::/0,fe80::1\n",
        "[ipv4]\nmethod=auto\nroute1=10.9.0.0/16,10.0.0.1\n[ipv6]\nroute1=::/0,fe80::1\n",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_static_becomes_dhcp_once(name):
    editor, before, after = CASES[name]
    assert editor.edit(before, "eth0") == after
    assert editor.edit(after, "eth0") == after


@pytest.mark.parametrize(
    ("editor", "text"),
    [
        (formats.IFUPDOWN, "iface eth1 inet static\n  address 10.0.0.4/24\n"),
        (formats.NETWORKD, "[Match]\nName=eth0\n"),
        (formats.KEYFILE, "[connection]\nid=eth0\n"),
        (formats.NETPLAN, "network:\n  ethernets:\n    eth1:\n      dhcp4: true\n"),
    ],
)
def test_a_file_about_something_else_is_not_meant(editor, text):
    assert editor.edit(text, "eth0") is None


REFUSED = {
    "an anchor in netplan": (formats.NETPLAN, "network:\n  ethernets:\n    eth0: &a\n      dhcp4: no\n"),
    "an address that is none": (formats.NETPLAN, ETHERNET + "      addresses: [10.0.0.4/24, tomorrow]\n"),
    "a default route without a gateway": (formats.NETPLAN, ETHERNET + "      routes: [{to: default}]\n"),
    "a text of several lines": (formats.NETPLAN, ETHERNET + "      dhcp4:\n        no\n         way\n"),
    "netplan with a key twice": (formats.NETPLAN, ETHERNET + "      mtu: 1400\n      mtu: 1500\n"),
    "an address twice": (
        formats.NETPLAN,
        ETHERNET + "      addresses: [{10.0.0.4/24: {label: 'eth0:1'}}, 10.0.0.4/24, 'fd00::4/64']\n",
    ),
    "settings that are none": (formats.NETPLAN, "network:\n  ethernets:\n    eth0: none\n"),
    "two static addresses": (
        formats.IFUPDOWN,
        "iface eth0 inet static\n  address 10.0.0.4/24\niface eth0 inet static\n  address 10.0.0.5/24\n",
    ),
    "settings of another stanza": (
        formats.IFUPDOWN,
        "iface any inet static\n  address 10.0.0.4/24\niface eth0 inet static inherits any\n  mtu 1400\n",
    ),
    "an address of another family": (formats.IFUPDOWN, "iface eth0 inet static\n  address fd00::4/64\n"),
    "a gateway that is none": (formats.IFUPDOWN, "iface eth0 inet static\n  address 10.0.0.4\n  gateway none\n"),
    "an address set by commands": (formats.IFUPDOWN, "iface eth0 inet manual\n  up ip addr add 10.0.0.4/24 dev eth0\n"),
    "a default route set by a command": (
        formats.IFUPDOWN,
        "iface eth0 inet static\n  address 10.0.0.4/24\n  up ip route add default via 10.0.0.1\n",
    ),
    "two assignments in a line": (formats.IFCFG, "DEVICE=eth0 IPADDR=10.0.0.4\n"),
    "an address by a command": (formats.IFCFG, "IPADDR=$(cat /etc/address)\n"),
    "an address for all interfaces of dhcpcd": (formats.DHCPCD, "static ip_address=10.0.0.4/24\ninterface eth0\n"),
    "an address for several interfaces of dhcpcd": (formats.DHCPCD, "interface eth*\nstatic ip_address=10.0.0.4/24\n"),
    "routes of dhcpcd": (
        formats.DHCPCD,
        "interface eth0\nstatic ip_address=10.0.0.4/24\nstatic routes=10.9.0.0/16 10.0.0.2\n",
    ),
    "an address of dhcpcd that is none": (formats.DHCPCD, "interface eth0\nstatic ip_address=tomorrow\n"),
    "an interface that dhcpcd leaves alone": (formats.DHCPCD, "denyinterfaces docker0 eth*\n"),
    "an interface that is not among dhcpcd's": (formats.DHCPCD, "allowinterfaces eth1\n"),
    "dhcpcd without DHCP": (formats.DHCPCD, "interface eth0\nnodhcp\n"),
    "an address that dhcpcd announces": (formats.DHCPCD, "interface eth0\ninform 10.0.0.4/24\n"),
    "a continued line of networkd": (formats.NETWORKD, "[Network]\nAddress=\\\n10.0.0.4/24\n"),
    "a method that is neither": (formats.KEYFILE, "[ipv4]\nmethod=disabled\n"),
    "a default route of SUSE without a gateway": (formats.IFROUTE, "default - - eth0\n"),
}


# Azure's primary address comes by DHCP; its further ones are in the guest's files only, and have to stay there.
SEVERAL = {
    "ifupdown": (formats.IFUPDOWN, "iface eth0 inet static\n  address {0}/24\n  address {1}/24\n"),
    "ifcfg": (formats.IFCFG, "DEVICE=eth0\nIPADDR={0}\nPREFIX=24\nIPADDR1={1}\nPREFIX1=24\n"),
    "ifcfg with numbers": (formats.IFCFG, "DEVICE=eth0\nBOOTPROTO=none\nIPADDR0={0}\nIPADDR1={1}\n"),
    "wicked": (formats.WICKED, "BOOTPROTO='static'\nIPADDR='{0}/24'\nIPADDR_1='{1}/24'\nLABEL_1='1'\n"),
    "wicked in one line": (formats.WICKED, "BOOTPROTO='static'\nIPADDR='{0}/24 {1}/24'\n"),
    "networkd": (formats.NETWORKD, "[Network]\nAddress={0}/24\nAddress={1}/24\nAddress=fd00::4/64\n"),
    "networkd with sections": (
        formats.NETWORKD,
        "[Network]\nDNS=10.0.0.53\n[Address]\nAddress={0}/24\n[Address]\nLabel=eth0:1\nAddress={1}/24\n",
    ),
    "networkd in both ways": (formats.NETWORKD, "[Network]\nAddress={0}/24\n[Address]\nAddress={1}/24\n"),
    "NetworkManager": (formats.KEYFILE, "[ipv4]\nmethod=manual\naddress1={0}/24,10.0.0.1\naddress2={1}/24\n"),
    "NetworkManager of old": (
        formats.KEYFILE,
        "[ipv4]\nmethod=manual\naddresses1={0};24;10.0.0.1;\naddresses2={1};24;0.0.0.0;\n",
    ),
    "netplan": (formats.NETPLAN, ETHERNET + "      addresses: [{0}/24, {1}/24]\n"),
    "netplan with a label": (
        formats.NETPLAN,
        ETHERNET + "      addresses:\n        - {0}/24\n        - {1}/24:\n            label: eth0:1\n",
    ),
    "dhcpcd": (formats.DHCPCD, "interface eth0\nstatic ip_address={0}/24\nstatic ip_address={1}/24\n"),
}


@pytest.mark.parametrize("name", SEVERAL)
def test_of_several_static_addresses_none_is_taken_for_the_primary_one(name):
    form, text = SEVERAL[name]
    text = text.replace("{0}", "10.0.0.4").replace("{1}", "10.0.0.5")
    reason = r"several static IPv4 addresses \(10\.0\.0\.4\S*, 10\.0\.0\.5\S*\), and .*; by hand: .*eth0"
    with pytest.raises(ChangeError, match="Cannot edit '/a/file': it has " + reason):
        formats.edited(("/a/file", form), text.encode(), "eth0")


FURTHER = {
    "networkd": (formats.NETWORKD, "[Network]\nDHCP=ipv4\nAddress=10.0.0.5/24\nAddress=10.0.0.6/24\n"),
    "NetworkManager": (formats.KEYFILE, "[ipv4]\nmethod=auto\naddress1=10.0.0.5/24\naddress2=10.0.0.6/24\n"),
    "netplan": (formats.NETPLAN, ETHERNET + "      dhcp4: true\n      addresses: [10.0.0.5/24, 10.0.0.6/24]\n"),
    "ifcfg": (formats.IFCFG, "BOOTPROTO=dhcp\nIPADDR1=10.0.0.5\nIPADDR2=10.0.0.6\n"),
    "ifcfg with bootp": (formats.IFCFG, "BOOTPROTO=bootp\nIPADDR1=10.0.0.5\n"),
    "wicked": (formats.WICKED, "BOOTPROTO='dhcp+autoip'\nIPADDR_1='10.0.0.5/24'\n"),
}


@pytest.mark.parametrize("name", FURTHER)
def test_with_dhcp_further_addresses_stay(name):
    form, text = FURTHER[name]
    assert form.edit(text, "eth0") == text


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_understood_is_refused_with_what_to_do_by_hand(name):
    form, text = REFUSED[name]
    with pytest.raises(Refused):
        form.edit(text, "eth0")
    with pytest.raises(ChangeError, match="Cannot edit '/a/file': .*; by hand: .*eth0"):
        formats.edited(("/a/file", form), text.encode(), "eth0")


def test_the_distributions_tool_judges_a_copy(tmp_path):
    path, seen = tmp_path / "50-cloud-init.yaml", []
    text = ETHERNET + "      dhcp6: true\n      dhcp4-overrides: {route-metric: 100}\n      addresses: [10.0.0.4/24]\n"
    path.write_text(text)
    source = guest_dhcp.Source("netplan", "eth0", [(str(path), formats.NETPLAN)], [])

    def run(argv, **_):
        if argv[0] != "netplan":
            return Result(0, "", "")
        copy = pathlib.Path(argv[-1] + str(path))
        seen.append(copy.read_text())
        assert (copy.parent.stat().st_mode | copy.stat().st_mode) & 0o077 == 0
        return Result("dhcp4: true" in seen[-1], "", "ERROR: the metrics differ")

    with pytest.raises(ChangeError, match="would be rejected: ERROR: the metrics differ; by hand: give eth0"):
        guest_dhcp.plan(source, 60, run=run)
    assert seen == [
        text.replace("addresses: [10.0.0.4/24]\n", "").replace("      dhcp6", "      dhcp4: true\n      dhcp6")[:-6],
        text,
    ]
    assert path.read_text() == text


@pytest.mark.parametrize("rc", [127, 1])
def test_a_tool_that_is_missing_or_rejects_what_is_there_says_nothing(tmp_path, rc):
    path = tmp_path / "interfaces"
    path.write_text("iface eth0 inet static\n  address 10.0.0.4/24\n")
    source = guest_dhcp.Source("ifupdown", "eth0", [(str(path), formats.IFUPDOWN)], [])
    plan = guest_dhcp.plan(source, 60, run=lambda argv, **_: Result(rc, "", "?"))
    assert plan.facts["files"] == [str(path)]


@pytest.mark.parametrize(
    ("rendered", "id_"),
    [
        ("/run/NetworkManager/system-connections/netplan-eth0.nmconnection", "eth0"),
        ("/run/NetworkManager/system-connections/netplan-my-nic.nmconnection", "my-nic"),
        ("/run/NetworkManager/system-connections/netplan-my-nic-of-the-lab.nmconnection", "my-nic"),
        ("/run/NetworkManager/system-connections/netplan-other.nmconnection", None),
    ],
)
def test_the_id_in_netplan_is_found_by_the_rendered_file(tmp_path, rendered, id_):
    path = tmp_path / "etc/netplan/50.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("network:\n  ethernets:\n    eth0: {dhcp4: false}\n    my-nic: {dhcp4: false}\n")

    def run(argv, **_):
        return Result(0, f"1-2:eth0:{rendered}\n" if argv[0] == "nmcli" else "", "")

    if id_ is None:
        with pytest.raises(ChangeError, match="Cannot find 'eth0': netplan configures it, and no file"):
            guest_dhcp.find_source("eth0", run, str(tmp_path))
        return
    source = guest_dhcp.find_source("eth0", run, str(tmp_path))
    assert (source.backend, source.name) == ("netplan", id_)


def of_netplan(tmp_path, **files):
    folder = tmp_path / "etc/netplan"
    folder.mkdir(parents=True)
    for name, settings in files.items():
        (folder / f"{name}.yaml").write_text(f"network:\n  ethernets:\n    eth0: {settings}\n")
    rendered = "1-2:eth0:/run/NetworkManager/system-connections/netplan-eth0.nmconnection\n"
    return lambda argv, **_: Result(0, rendered if argv[0] == "nmcli" else "", "")


@pytest.mark.parametrize("further", ["{addresses: [10.0.0.5/24]}", "{addresses: [10.0.0.5/24, 10.0.0.6/24]}"])
def test_further_addresses_in_a_file_of_their_own_stay(tmp_path, further):
    run = of_netplan(tmp_path, first="{dhcp4: true}", second=further)
    plan = guest_dhcp.plan(guest_dhcp.find_source("eth0", run, str(tmp_path)), 60, run=run)
    assert not plan.changed and plan.facts["files"] == []


def test_static_addresses_of_several_files_of_netplan_are_several(tmp_path):
    run = of_netplan(tmp_path, first="{addresses: [10.0.0.4/24]}", second="{addresses: [10.0.0.5/24]}")
    with pytest.raises(
        ChangeError, match=r"first.yaml, .*second.yaml': .*\(10.0.0.4/24, 10.0.0.5/24\).*; by hand: give"
    ):
        guest_dhcp.find_source("eth0", run, str(tmp_path))


def test_a_later_file_of_netplan_turns_dhcp_off(tmp_path):
    run = of_netplan(tmp_path, first="{dhcp4: true}", second="{dhcp4: false, addresses: [10.0.0.4/24]}")
    plan = guest_dhcp.plan(guest_dhcp.find_source("eth0", run, str(tmp_path)), 60, run=run)
    assert plan.facts["files"] == [str(tmp_path / "etc/netplan/second.yaml")]


@pytest.mark.parametrize("first", ["dhcp", "static\n  address 10.0.0.5/24"])
def test_addresses_of_ifupdown_in_several_files_are_several(tmp_path, first):
    folder = tmp_path / "etc/network/interfaces.d"
    folder.mkdir(parents=True)
    (folder / "50").write_text(f"iface eth0 inet {first}\n")
    (folder / "60").write_text("iface eth0 inet static\n  address 10.0.0.4/24\n")
    folder.with_name("interfaces").write_text("source-directory interfaces.d\n")
    with pytest.raises(
        ChangeError, match="60': eth0 has a second address there; by hand: write 'iface eth0 inet dhcp'"
    ):
        guest_dhcp.find_source("eth0", lambda argv, **_: Result(127, "", ""), str(tmp_path))


def test_drop_ins_of_networkd_are_not_guessed_at_but_those_of_routes(tmp_path, monkeypatch):
    monkeypatch.setattr(network_services.socket, "if_nametoindex", lambda _name: 2)
    links = tmp_path / "run/systemd/netif/links"
    links.mkdir(parents=True)
    (links / "2").write_text("NETWORK_FILE=/etc/systemd/network/10-eth0.network\n")
    drop_in = tmp_path / "etc/systemd/network/10-eth0.network.d/address.conf"
    drop_in.parent.mkdir(parents=True)
    drop_in.write_text("[Network]\nAddress=10.0.0.4/24\n")
    with pytest.raises(ChangeError, match="it has drop-ins"):
        guest_dhcp.find_source("eth0", lambda argv, **_: Result(127, "", ""), str(tmp_path))
    drop_in.rename(drop_in.with_name(network_services.ROUTES))
    source = guest_dhcp.find_source("eth0", lambda argv, **_: Result(0, "systemd 257", ""), str(tmp_path))
    assert source.files == [("/etc/systemd/network/10-eth0.network", formats.NETWORKD)]


def test_an_interface_that_has_dhcp_needs_nothing(tmp_path):
    path = tmp_path / "interfaces"
    path.write_text("iface eth0 inet dhcp\n")
    source = guest_dhcp.Source("ifupdown", "eth0", [(str(path), formats.IFUPDOWN)], [])
    plan = guest_dhcp.plan(source, 60, run=lambda argv, **_: Result(0, "2: eth0 inet 10.0.0.4/24 scope global", ""))
    assert not plan.changed and plan.after == {"method": "dhcp", "addresses": ["10.0.0.4/24"]}


def test_the_primary_interface_is_the_one_with_the_route_to_the_platform():
    def run(argv, **_):
        return Result(0, "168.63.129.16 via 10.0.0.1 dev eth7 src 10.0.0.4 uid 0", "")

    assert guest_dhcp.primary_interface(run) == "eth7"
    with pytest.raises(ChangeError, match="no route leads to"):
        guest_dhcp.primary_interface(lambda argv, **_: Result(2, "", "unreachable"))


def test_network_manager_is_asked_for_its_file(tmp_path):
    def run(argv, **_):
        lines = "11-22:eth1:/etc/NetworkManager/system-connections/other.nmconnection\n"
        lines += "33-44:eth0:/etc/NetworkManager/system-connections/mine.nmconnection\n"
        return Result(0, lines if argv[0] == "nmcli" else "", "")

    source = guest_dhcp.find_source("eth0", run, str(tmp_path))
    assert source.backend == "NetworkManager"
    assert source.files == [("/etc/NetworkManager/system-connections/mine.nmconnection", formats.KEYFILE)]
    assert source.apply[-1] == ["nmcli", "connection", "up", "uuid", "33-44"]


@pytest.mark.parametrize(
    ("path", "backend"),
    [
        ("etc/sysconfig/network/ifcfg-eth0", "wicked"),
        ("etc/sysconfig/network-scripts/ifcfg-eth0", "ifcfg"),
        ("etc/network/interfaces.d/50-eth0", "ifupdown"),
    ],
)
def test_the_files_tell_who_configures_the_interface(tmp_path, path, backend):
    target = tmp_path / path
    target.parent.mkdir(parents=True)
    target.write_text("iface eth0 inet static\n  address 10.0.0.4/24\n")
    if backend == "ifupdown":
        target.parent.with_name("interfaces").write_text("source /etc/network/interfaces.d/*\n")
    source = guest_dhcp.find_source("eth0", lambda argv, **_: Result(127, "", ""), str(tmp_path))
    assert (source.backend, source.files[0][0]) == (backend, str(target))


@pytest.mark.parametrize(
    ("line", "path", "is_edited"),
    [
        ("source /etc/network/mine", "etc/network/mine", True),
        ("source-directory /etc/network/mine.d", "etc/network/mine.d/eth0.bak", False),
        ("", "etc/network/interfaces.d/eth0", False),
        ("source-directory /run/network/interfaces.d", "run/network/interfaces.d/eth0", False),
    ],
)
def test_of_ifupdown_only_files_that_it_reads_and_that_stay_are_edited(tmp_path, line, path, is_edited):
    target = tmp_path / path
    target.parent.mkdir(parents=True)
    target.write_text("iface eth0 inet static\n  address 10.0.0.4/24\n")
    main = tmp_path / "etc/network/interfaces"
    main.parent.mkdir(parents=True, exist_ok=True)
    main.write_text(f"{line}\n")
    if is_edited:
        found = guest_dhcp.find_source("eth0", lambda argv, **_: Result(127, "", ""), str(tmp_path))
        assert found.files == [(str(target), formats.IFUPDOWN)]
    else:
        with pytest.raises(ChangeError, match="Cannot find 'eth0'"):
            guest_dhcp.find_source("eth0", lambda argv, **_: Result(127, "", ""), str(tmp_path))


@pytest.mark.parametrize(("pid", "is_source"), [("run/dhcpcd/pid", True), ("run/dhcpcd/eth0.pid", False)])
def test_dhcpcd_configures_it_as_the_daemon_of_all_interfaces(tmp_path, pid, is_source):
    for path in ("etc/dhcpcd.conf", pid):
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("interface eth0\nstatic ip_address=10.0.0.4/24\n")
    if not is_source:
        with pytest.raises(ChangeError, match="Cannot find 'eth0'"):
            guest_dhcp.find_source("eth0", lambda argv, **_: Result(127, "", ""), str(tmp_path))
        return
    source = guest_dhcp.find_source("eth0", lambda argv, **_: Result(127, "", ""), str(tmp_path))
    assert (source.backend, source.apply) == ("dhcpcd", [["dhcpcd", "-n", "eth0"]])


def test_aliases_of_ifupdown_that_are_up_come_back_with_their_interface(tmp_path):
    path = tmp_path / "etc/network/interfaces"
    path.parent.mkdir(parents=True)
    path.write_text("iface eth0 inet static\n  address 10.0.0.4/24\n")
    state = "lo=lo\neth0=eth0\neth0:1=eth0:1\neth0:a;b=eth0\neth01:1=eth01:1\n"

    def run(argv, **_):
        return Result(0, state, "") if argv == ["ifquery", "--state"] else Result(127, "", "")

    words = guest_dhcp.find_source("eth0", run, str(tmp_path)).apply[0][-1]
    assert words == "ifdown --force eth0 eth0:1; ip -4 address flush dev eth0; ifup eth0 eth0:1"


def test_nobody_configures_it(tmp_path):
    with pytest.raises(ChangeError, match="Cannot find 'eth0'"):
        guest_dhcp.find_source("eth0", lambda argv, **_: Result(127, "", ""), str(tmp_path))


@pytest.mark.parametrize("word", ["guard-armed", "guard-reverting"])
def test_nothing_is_built_on_a_change_that_is_not_confirmed(tmp_path, word):
    (tmp_path / "journal/night").mkdir(parents=True)
    (tmp_path / "journal/night" / word).touch()
    params = {"state": "dhcp", "confirm_within": 120, "interface": "eth0"}
    context = Context("guest_dhcp", True, "next", str(tmp_path / "journal"))
    with pytest.raises(ChangeError, match="the change of run 'night' is not confirmed yet"):
        guest_dhcp.work(params, context)


@pytest.mark.parametrize(
    ("fstype", "source", "refused"),
    [("nfs4", "nas.example:/var", True), ("fuse.sshfs", "svc@nas.example:/var", True), ("ext4", "/dev/sdc1", False)],
)
def test_the_watchers_journal_is_not_behind_the_network_that_changes(tmp_path, monkeypatch, fstype, source, refused):
    """The mount would not answer once the host is cut off, and the old configuration would not come back."""
    store, table, path = tmp_path / "far/journal", tmp_path / "mountinfo", tmp_path / "interfaces"
    mounts = [("/", "ext4", "/dev/sda1"), (tmp_path / "far", fstype, source)]
    table.write_text("".join(f"{n} 1 0:{n} / {at} rw - {kind} {of} rw\n" for n, (at, kind, of) in enumerate(mounts, 1)))
    monkeypatch.setattr(mount_table, "MOUNTINFO", str(table))
    path.write_text("iface eth0 inet static\n    address 10.0.0.4/24\n")
    source = guest_dhcp.Source("ifupdown", "eth0", [(str(path), formats.IFUPDOWN)], [["true"]])
    monkeypatch.setattr(guest_dhcp, "find_source", lambda _interface: source)
    monkeypatch.setattr(guest_dhcp.guard, "check", lambda: None)
    params = {"state": "dhcp", "confirm_within": 120, "interface": "eth0"}
    context = Context("guest_dhcp", True, "night", str(store))
    if refused:
        with pytest.raises(ChangeError, match=f"the journal '{store}' is on a network file system .{fstype} of "):
            guest_dhcp.work(params, context)
        path.write_text("iface eth0 inet dhcp\n")
    assert guest_dhcp.work(params, context)["changed"] != refused


@pytest.mark.parametrize(
    ("disk", "below", "refused"),
    [
        ("platform/host4/session1/target4:0:0/4:0:0:0/block/sdc/sdc1", None, True),
        ("virtual/block/nbd0/nbd0p1", None, True),
        ("virtual/nvme-fabrics/ctl/nvme1/nvme1n1", None, True),
        ("virtual/block/dm-0", "platform/host4/session1/target4:0:0/4:0:0:0/block/sdd", True),
        ("virtual/block/dm-0", "LNXSYSTM:00/VMBUS:00/host0/target0:0:0/0:0:0:0/block/sdd", False),
        ("LNXSYSTM:00/VMBUS:00/host0/target0:0:0/0:0:0:0/block/sdc/sdc1", None, False),
    ],
)
@pytest.mark.parametrize("what", ["journal", "file"])
def test_nothing_that_the_watcher_needs_is_on_a_disk_behind_the_network(tree, disk, below, refused, what):
    """As an Elastic SAN is, which a guest reaches by iSCSI. It has a local file system."""
    name = disk.rpartition("/")[2]
    mounts = f"1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 8:33 / /far rw - xfs /dev/{name} rw\n"
    host = tree({"/proc/self/mountinfo": mounts, f"/sys/devices/{disk}/size": "1", "/sys/class/block/x": ""})
    classes = pathlib.Path(host.path("/sys/class/block"))
    (classes / name).symlink_to(f"/sys/devices/{disk}")
    if below:
        lower = pathlib.Path(host.path("/sys/devices/" + below))
        lower.mkdir(parents=True)
        slaves = pathlib.Path(host.path(f"/sys/devices/{disk}/slaves"))
        slaves.mkdir()
        for folder in (classes, slaves):
            (folder / lower.name).symlink_to(f"/sys/devices/{below}")
    journal, file = ("/far/journal", "/etc/x") if what == "journal" else ("/var/journal", "/far/x")
    if refused:
        with pytest.raises(ChangeError, match=f"the {what} '.*' is on a disk behind the network .xfs of '/dev/{name}'"):
            guest_dhcp.guard.check_places(journal, [file], host)
    else:
        guest_dhcp.guard.check_places(journal, [file], host)
    guest_dhcp.guard.check_places("/var/journal", ["/etc/x"], host)
