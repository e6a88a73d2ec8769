# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Static to DHCP in every format: only what belongs to the static address goes."""

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._change.commands import Result
from ansible_collections.vmbackup.azure.plugins.module_utils._change.errors import ChangeError
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies import guest_dhcp
from ansible_collections.vmbackup.azure.plugins.module_utils._guest import dhcp_formats

CASES = {
    "ifupdown": (
        dhcp_formats.ifupdown,
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
        dhcp_formats.ifcfg,
        'DEVICE=eth0\nBOOTPROTO="none"\nIPADDR=10.0.0.4\nPREFIX=24\nGATEWAY=10.0.0.1\nDNS1=10.0.0.53\nIPV6INIT=no\n',
        "DEVICE=eth0\nBOOTPROTO=dhcp\nDNS1=10.0.0.53\nIPV6INIT=no\n",
    ),
    "ifcfg without a word on the method": (
        dhcp_formats.ifcfg,
        "DEVICE=eth0\nIPADDR0=10.0.0.4\nNETMASK0=255.255.255.0\n",
        "DEVICE=eth0\nBOOTPROTO=dhcp\n",
    ),
    "wicked": (
        dhcp_formats.wicked,
        "STARTMODE='auto'\nBOOTPROTO='static'\nIPADDR='10.0.0.4/24'\nIPADDR_1='10.0.0.5/24'\nMTU='1400'\n",
        "STARTMODE='auto'\nBOOTPROTO='dhcp'\nMTU='1400'\n",
    ),
    "routes of wicked": (
        dhcp_formats.ifroute,
        "default 10.0.0.1 - -\n10.9.0.0/16 10.0.0.2 - -\n",
        "10.9.0.0/16 10.0.0.2 - -\n",
    ),
    "networkd": (
        dhcp_formats.networkd,
        """[Match]
Name=eth0

[Network]
Address=10.0.0.4/24
Address=fd00::4/64
Gateway=10.0.0.1
DNS=10.0.0.53

[Address]
Address=10.0.0.5/24

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
        dhcp_formats.networkd,
        "[Network]\nDHCP=ipv6\nAddress=10.0.0.4/24\n",
        "[Network]\nDHCP=yes\n",
    ),
    "NetworkManager": (
        dhcp_formats.keyfile,
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
        dhcp_formats.netplan,
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
      dhcp4: true
      # by hand
      addresses:
      - "fd00::4/64"
      nameservers:
        addresses: [10.0.0.53]
    eth1:
      addresses: [10.1.0.4/24]
""",
    ),
    "netplan with gateway4": (
        dhcp_formats.netplan,
        "network:\n  ethernets:\n    eth0:\n      addresses: [10.0.0.4/24]\n      gateway4: 10.0.0.1\n",
        "network:\n  ethernets:\n    eth0:\n      dhcp4: true\n",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_static_becomes_dhcp_once(name):
    editor, before, after = CASES[name]
    assert editor(before, "eth0") == after
    assert editor(after, "eth0") == after


@pytest.mark.parametrize(
    ("editor", "text"),
    [
        (dhcp_formats.ifupdown, "iface eth1 inet static\n  address 10.0.0.4/24\n"),
        (dhcp_formats.networkd, "[Match]\nName=eth0\n"),
        (dhcp_formats.keyfile, "[connection]\nid=eth0\n"),
        (dhcp_formats.netplan, "network:\n  ethernets:\n    eth1:\n      dhcp4: true\n"),
    ],
)
def test_a_file_about_something_else_is_not_meant(editor, text):
    assert editor(text, "eth0") is None


@pytest.mark.parametrize(
    "text",
    [
        "network: {ethernets: {eth0: {addresses: [10.0.0.4/24]}}}\n",
        "network:\n  ethernets:\n    eth0: {addresses: [10.0.0.4/24]}\n",
        "network:\n  ethernets:\n    eth0:\n      routes:\n      - to: default\n        via: 10.0.0.1\n"
        "      - to: 10.9.0.0/16\n        via: 10.0.0.2\n",
    ],
)
def test_netplan_that_only_a_person_should_edit(text):
    with pytest.raises(dhcp_formats.Refused):
        dhcp_formats.netplan(text, "eth0")


def test_an_interface_that_has_dhcp_needs_nothing(tmp_path):
    path = tmp_path / "interfaces"
    path.write_text("iface eth0 inet dhcp\n")
    source = guest_dhcp.Source("ifupdown", "eth0", [(str(path), dhcp_formats.ifupdown)], [])
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
    assert source.files == [("/etc/NetworkManager/system-connections/mine.nmconnection", dhcp_formats.keyfile)]
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
    source = guest_dhcp.find_source("eth0", lambda argv, **_: Result(127, "", ""), str(tmp_path))
    assert (source.backend, source.files[0][0]) == (backend, str(target))


def test_nobody_configures_it(tmp_path):
    with pytest.raises(ChangeError, match="Cannot find 'eth0'"):
        guest_dhcp.find_source("eth0", lambda argv, **_: Result(127, "", ""), str(tmp_path))
