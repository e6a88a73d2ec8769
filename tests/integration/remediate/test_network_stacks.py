# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""On booted guests of every network that Debian has: static to DHCP, taken back, confirmed and undone, to the byte."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._change.commands import Result
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies import network_formats as formats
from lab.command import wait_until
from lab.hosts import changes
from static_guest import Static, is_static

pytestmark = pytest.mark.lab

# A second interface, its other end in the guest as well.
SECOND = "ip link add eth1 type veth peer name far1; ip link set far1 up"
ROUTE, IPV6, OTHER = "10.9.0.0/16 via 10.77.0.2", "fd00::4/64", "10.88.0.4/24"
ALIAS = "10.78.0.4/24"


@dataclass(frozen=True)
class Stack:
    """A guest's network: its static files, what makes them take effect, and what DHCP leaves of them."""

    client: str
    files: dict[str, str]
    apply: str
    keeps: tuple[str, ...] = (IPV6, OTHER, ROUTE)
    mode: str = "0600"


NETPLAN_FILE = "/etc/netplan/50-cloud-init.yaml"
NETPLAN = """# This file is generated from information provided by the datasource.
network:
    version: 2
    renderer: {renderer}
    ethernets:
        eth0:
            addresses:
            - {primary}
            - fd00::4/64
            nameservers:
                addresses: [10.77.0.1]
            routes:
            -   to: default
                via: 10.77.0.1
            -   to: 10.9.0.0/16
                via: 10.77.0.2
        eth1: {addresses: [10.88.0.4/24]}
"""
# NetworkManager knows no labels.
LABELLED = '{address}/16: {label: "eth0:1"}'
KEYFILE = """[connection]
id=eth0
type=ethernet
interface-name=eth0

[ipv4]
address1={address}/16,10.77.0.1
dns=10.77.0.1;
method=manual
route1=10.9.0.0/16,10.77.0.2

[ipv6]
address1=fd00::4/64
method=manual
"""
SECOND_KEYFILE = (
    "[connection]\nid=eth1\ntype=ethernet\ninterface-name=eth1\n\n[ipv4]\naddress1=10.88.0.4/24\nmethod=manual\n"
)
STACKS = {
    "ifupdown": Stack(
        "dhclient",
        {
            "/etc/network/interfaces.d/eth0": "",
            "/etc/network/interfaces.d/50-cloud-init": "# This file is generated from information provided by the "
            "datasource.\nauto eth0\niface eth0 inet static\n    address {address}/16\n    gateway 10.77.0.1\n"
            "    up ip route add 10.9.0.0/16 via 10.77.0.2\n\n# control-alias eth0\n"
            "iface eth0 inet6 static\n    address fd00::4/64\n    dad-attempts 0\n\n"
            "auto eth0:1\niface eth0:1 inet static\n    address 10.78.0.4/24\n\n"
            "auto eth1\niface eth1 inet static\n    address 10.88.0.4/24\n",
        },
        "ifdown --force eth0; ip address flush dev eth0; ifup -a",
        (IPV6, OTHER, ROUTE, ALIAS),
    ),
    "networkd": Stack(
        "networkd",
        {
            "/etc/systemd/network/10-eth0.network": "[Match]\nName=eth0\n\n[Network]\nAddress=fd00::4/64\n"
            "Gateway=10.77.0.1\n\n[Address]\nAddress={address}/16\nLabel=eth0:1\n\n[Route]\n"
            "Destination=10.9.0.0/16\nGateway=10.77.0.2\n",
            "/etc/systemd/network/20-eth1.network": "[Match]\nName=eth1\n\n[Network]\nAddress=10.88.0.4/24\n",
        },
        "networkctl reload; networkctl reconfigure eth0",
        mode="0644",
    ),
    "netplan": Stack(
        "netplan",
        {NETPLAN_FILE: NETPLAN.replace("{renderer}", "networkd").replace("{primary}", LABELLED)},
        "netplan apply",
    ),
    "netplan-manager": Stack(
        "netplan-manager",
        {NETPLAN_FILE: NETPLAN.replace("{renderer}", "NetworkManager").replace("{primary}", "{address}/16")},
        "netplan apply",
    ),
    "manager": Stack(
        "manager",
        {
            "/etc/NetworkManager/system-connections/eth0.nmconnection": KEYFILE,
            "/etc/NetworkManager/system-connections/eth1.nmconnection": SECOND_KEYFILE,
        },
        "nmcli connection reload; nmcli connection up eth0; nmcli connection up eth1",
    ),
    "dhcpcd": Stack(
        "dhcpcd",
        {
            "/etc/dhcpcd.conf": "persistent\nnoarp\nnodev\n# by hand\ninterface eth0\nstatic ip_address={address}/16\n"
            "static routers=10.77.0.1\nstatic ip6_address=fd00::4/64\ninterface eth1\nstatic ip_address=10.88.0.4/24\n"
            "denyinterfaces far1\n",
        },
        "systemctl restart dhcpcd.service",
        (IPV6, OTHER),
        mode="0644",
    ),
}


def network(guest):
    return guest.exec("ip -o address show; ip -4 route show").stdout


def keeps(guest, stack):
    found = network(guest)
    return [one for one in stack.keeps if one not in found]


def start(lab, lab_host, stack):
    guest = lab_host("trixie", client=stack.client, agent=False)
    guest.exec(SECOND)
    for path, text in stack.files.items():
        said = text.replace("{address}", guest.address)
        guest.write(path, said, stack.mode)
    return Static(lab, guest, stack.apply)


def is_dhcp(guest):
    return "dynamic" in guest.exec("ip -4 address show dev eth0").stdout


def static_to_dhcp_and_back(static, stack):
    """Returns the seconds in which an address that no one confirms is back."""
    guest = static.guest
    wait_until("all that is static", lambda: keeps(guest, stack) == [])
    static.before = guest.snapshot("/etc")

    static.change(30, "taken-back")
    began = time.monotonic()
    static.wait_applied("taken-back")
    assert is_dhcp(guest)
    taken = static.assert_back("it was not confirmed in time", run="taken-back") - began
    wait_until("all that is static", lambda: keeps(guest, stack) == [])

    static.change(run="kept")
    static.wait_applied("kept")
    static.call(state="confirmed", run_id="kept")
    wait_until("all that stays", lambda: is_dhcp(guest) and keeps(guest, stack) == [])
    assert static.call(run_id="again")["changed"] is False

    static.lab.module(guest, "vmbackup.azure.journal_restore", {"run_id": "kept"})
    wait_until("static address", lambda: is_static(guest) and keeps(guest, stack) == [])
    assert changes(static.before, guest.snapshot("/etc")) == []
    return taken


def test_static_to_dhcp_taken_back_confirmed_and_undone(lab, lab_host, oracle):
    guests = [start(lab, lab_host, stack) for stack in STACKS.values()]
    with ThreadPoolExecutor(len(guests)) as pool:
        done = [pool.submit(static_to_dhcp_and_back, *one) for one in zip(guests, STACKS.values(), strict=True)]
    failed = {name: repr(one.exception()) for name, one in zip(STACKS, done, strict=True) if one.exception()}
    assert failed == {}
    oracle.figures.update({f"seconds: {name}": round(one.result()) for name, one in zip(STACKS, done, strict=True)})


def test_what_netplan_rejects_is_not_written(lab, lab_host):
    """With a static address it takes this file; with DHCP for both families the metrics have to be the same."""
    text = STACKS["netplan"].files[NETPLAN_FILE].replace(LABELLED, "{address}/16")
    text = text.replace(
        "nameservers:", "dhcp6: true\n            dhcp4-overrides: {route-metric: 50}\n            nameservers:"
    )
    stack = replace(STACKS["netplan"], files={NETPLAN_FILE: text})
    static = start(lab, lab_host, stack)

    result = static.call(check=False)
    assert result["changed"] is False
    assert f"Cannot edit '{NETPLAN_FILE}': the result would be rejected: " in result["msg"]
    assert "route-metric" in result["msg"] and "; by hand: give eth0 'dhcp4: true'" in result["msg"]
    assert is_static(static.guest) and keeps(static.guest, stack) == []
    assert changes(static.before, static.guest.snapshot("/etc")) == []
    assert static.guest.exec("systemctl list-units --all --plain --no-legend 'vmbackup-guard-*'").stdout == ""


# How a guest has the secondary IP configurations of its network interface in Azure, next to DHCP.
FURTHER = "10.79.0.4/24"
WITH_FURTHER = {
    "networkd": Stack(
        "networkd",
        {"/etc/systemd/network/10-eth0.network": f"[Match]\nName=eth0\n[Network]\nDHCP=ipv4\nAddress={FURTHER}\n"},
        "networkctl reload; networkctl reconfigure eth0",
        mode="0644",
    ),
    "netplan": Stack(
        "netplan",
        {"/etc/netplan/60-further.yaml": f"network: {{ethernets: {{eth0: {{addresses: [{FURTHER}]}}}}}}\n"},
        "netplan apply",
    ),
    "manager": Stack(
        "manager",
        {
            "/etc/NetworkManager/system-connections/eth0.nmconnection": "[connection]\nid=eth0\ntype=ethernet\n"
            f"interface-name=eth0\n[ipv4]\nmethod=auto\naddress1={FURTHER}\n"
        },
        "nmcli connection reload; nmcli connection up eth0",
    ),
}


@pytest.mark.parametrize("name", WITH_FURTHER)
def test_static_addresses_next_to_dhcp_are_further_ones(lab, lab_host, name):
    stack = WITH_FURTHER[name]
    guest = lab_host("trixie", client=stack.client, agent=False)
    for path, text in stack.files.items():
        guest.write(path, text, stack.mode)
    guest.exec(stack.apply)
    wait_until("both addresses", lambda: is_dhcp(guest) and FURTHER in network(guest))
    before = guest.snapshot("/etc")

    result = lab.module(guest, "vmbackup.azure.guest_dhcp", {"state": "dhcp"})
    assert (result["changed"], result["compliant"], result["confirm_required"]) == (False, True, False)
    assert changes(before, guest.snapshot("/etc")) == []


JUDGED = {
    "netplan": (formats.NETPLAN, NETPLAN_FILE, "network: {ethernets: {eth0: {dhcp4: true}}}\n", "true", "tomorrow"),
    "ifupdown": (formats.IFUPDOWN, "/etc/network/interfaces", "iface eth0 inet dhcp\n  mtu 1400\n", "mtu 1400", "mtu"),
    "NetworkManager": (formats.KEYFILE, "/etc/NetworkManager/system-connections/eth0", KEYFILE, "manual", "tomorrow"),
}


def test_every_tool_that_judges_a_copy_rejects_a_broken_one(lab_host):
    guest = lab_host("trixie", client="manager", agent=False)
    top = str(guest.path("/"))

    def run(argv):
        done = guest.exec([word.replace(top, "/") for word in argv], check=False)
        return Result(done.returncode, done.stdout, done.stderr)

    for name, (form, path, text, good, bad) in JUDGED.items():
        text = text.replace("{address}", guest.address)
        verdicts = []
        for said in (text, text.replace(good, bad)):
            folder = guest.path(f"/run/{name}-{len(verdicts)}")
            folder.mkdir()
            verdicts.append(form.judge(str(folder), {path: said.encode()}, "eth0", run))
        assert verdicts[0].rc == 0 and verdicts[1].rc not in (0, 127) and verdicts[1].err, (name, verdicts)
