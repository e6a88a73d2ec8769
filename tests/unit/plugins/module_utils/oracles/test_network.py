# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""netplan's files and those of ifupdown, held against a YAML library, netplan's generator and ifquery."""

import ipaddress
import os
import pathlib
import re
import shutil
import subprocess
from collections import Counter

import pytest
import yaml
from ansible_collections.vmbackup.azure.plugins.module_utils._guest import interfaces_edit, netplan_edit, netplan_yaml
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.errors import Refused
from oracles import netplan_generator, tool

pytestmark = pytest.mark.oracle

YAML_ATOMS = [
    "network",
    "ethernets",
    "eth0",
    "dhcp4",
    "addresses",
    "routes",
    "gateway4",
    ":",
    ": ",
    ":\n",
    "\n",
    "  ",
    " ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    ", ",
    "#",
    " # c",
    "'",
    '"',
    "10.0.0.4/24",
    "'fd00::4/64'",
    "true",
    "no",
    "to: ",
    "default",
    "via: 10.0.0.1",
    "fe80::1",
    "&a ",
    "*a",
    "|",
    ">",
    "!x ",
    "---\n",
    "\t",
    "é",
    "?",
    "%",
    "@",
    "label",
]
LINES = [
    "iface eth0 inet static",
    "iface eth0 inet dhcp",
    "iface eth0 inet6 static",
    "iface eth1 inet static",
    "auto eth0",
    "address 10.0.0.4/24",
    "address fd00::4/64",
    "netmask 255.255.255.0",
    "gateway 10.0.0.1",
    "mtu 1400",
    "\\",
    "\n",
    "\n",
    "\n  ",
    " ",
    "\t",
    "#",
    "up ip route add 10.9.0.0/16 via 10.0.0.2",
    "allow-hotplug eth0",
    "dns-search a.b",
    "\r",
]
SEEDS = pathlib.Path(__file__).parent / "seeds"
NETPLAN, INTERFACES = (
    [path.read_text("utf-8") for path in sorted(SEEDS.glob(f"{name}-*"))] for name in ("netplan", "interfaces")
)
GONE = ("address", "netmask", "gateway", "broadcast", "network", "pointopoint")


def library(text):
    """What a YAML library reads; None where it reads nothing, or more than is known here."""
    try:
        return yaml.load(text, yaml.BaseLoader)
    except (yaml.YAMLError, ValueError, TypeError):
        return None


def is_ipv4(address):
    try:
        return ipaddress.ip_interface(next(iter(address)) if isinstance(address, dict) else address).version == 4
    except ValueError:
        return None


def is_default(route):
    if not isinstance(route, dict) or route.get("table", "254") != "254" or route.get("type", "unicast") != "unicast":
        return False
    return route.get("to") in ("0.0.0.0/0", "0/0") or (route.get("to") == "default" and is_ipv4(route.get("via", "")))


def expected(settings):
    """What is to be left of an interface that is static."""
    left = {name: value for name, value in (settings or {}).items() if name != "gateway4"}
    for name, goes in (("addresses", is_ipv4), ("routes", is_default)):
        if isinstance(left.get(name), list):
            kept = [item for item in left[name] if not goes(item)]
            if kept or not left[name]:
                left[name] = kept
            else:
                del left[name]
    return {**left, "dhcp4": "true"}


def test_yaml_is_read_as_a_library_reads_it(oracle):
    for _number in oracle.tries(500):
        text = oracle.text(YAML_ATOMS, NETPLAN)
        try:
            found = netplan_yaml.parse(text)
        except Refused:
            oracle.note("files refused" if library(text) is None else "files refused that a library reads")
            continue
        assert ((found.plain() if found else None) or None) == (library(text) or None), text


def test_only_what_is_static_goes(oracle):
    for _number in oracle.tries(500):
        text = oracle.text(YAML_ATOMS, NETPLAN, soup=0)
        try:
            edited = netplan_edit.to_dhcp(text, "eth0")
        except Refused:
            oracle.note("edits refused")
            continue
        if edited in (None, text):
            oracle.note("files with nothing to do")
            continue
        before, after = library(text), library(edited)
        assert before, text
        devices = next(one for one in before["network"].values() if isinstance(one, dict) and "eth0" in one)
        devices["eth0"] = expected(devices["eth0"])
        assert after == before, f"{text}\n{edited}"
        assert netplan_edit.to_dhcp(edited, "eth0") == edited


@pytest.fixture
def generated(tmp_path):
    """What netplan's generator writes for networkd of a text, ``{file: lines}``; None where it rejects the text."""
    found = netplan_generator()
    if found is None:
        pytest.skip("netplan's generator is missing: `make oracles` fetches it")
    path, units = tmp_path / "etc/netplan/50.yaml", tmp_path / "run/systemd/network"
    path.parent.mkdir(parents=True)

    def generate(text):
        shutil.rmtree(tmp_path / "run", ignore_errors=True)
        path.write_text(text)
        path.chmod(0o600)
        done = subprocess.run([found[0], "--root-dir", tmp_path], capture_output=True, check=False, env=found[1])
        if done.returncode:
            return None
        return {file.name: settings_of(file.read_text()) for file in units.glob("*")}

    return generate


def settings_of(text):
    """The settings of a file of networkd, each with its section; sections that repeat are one each."""
    found, name, many = Counter(), "", {}
    for number, line in enumerate(filter(None, text.splitlines())):
        if line.startswith("["):
            name, place = line[1:-1], number
        elif name in ("Address", "Route", "RoutingPolicyRule"):
            many.setdefault((name, place), []).append(line)
        elif not line.startswith("#"):
            found[f"{name} {line}"] += 1
    found.update(f"{name} {' '.join(lines)} " for (name, _place), lines in many.items())
    return found


# What stands in networkd's file for a static address of IPv4, and in its place.
STATIC = re.compile(
    r"Network (Address=\d+\.|Gateway=\d+\.|DHCP=|LinkLocalA)|Address .*Address=\d+\.|Route Destination=0\.0\.0\.0/0 "
)
DYNAMIC = re.compile(r"Network (DHCP=(ipv4|yes)|LinkLocalA)|DHCP (RouteMetric=100|UseMTU=true)")


def test_netplan_takes_the_result(oracle, generated):
    for _number in oracle.tries(40, slow=5):
        text = oracle.text(YAML_ATOMS, NETPLAN, soup=0)
        try:
            edited = netplan_edit.to_dhcp(text, "eth0")
        except Refused:
            oracle.note("edits refused")
            continue
        before = None if edited in (None, text) else generated(text)
        if before is None:
            oracle.note("files with nothing to do, or that netplan rejects")
            continue
        after = generated(edited)
        if after is None:
            # The module asks netplan as well, and rejects the edit then.
            oracle.note("edits that netplan rejects")
            continue
        mine = "10-netplan-eth0.network"
        assert {n: t for n, t in after.items() if n != mine} == {n: t for n, t in before.items() if n != mine}, text
        then, now = before.get(mine, Counter()), after[mine]
        assert [line for line in then - now if not STATIC.match(line)] == [], f"{text}\n{edited}"
        assert [line for line in now - then if then and not DYNAMIC.match(line)] == [], f"{text}\n{edited}"
        assert {"Network DHCP=ipv4", "Network DHCP=yes"} & set(now), f"{text}\n{edited}"


def test_ifupdown_reads_the_options_that_stay(oracle, tmp_path):
    program = tool("ifquery")
    if program is None:
        pytest.skip("ifquery is missing")
    path = tmp_path / "interfaces"

    def options(text):
        """What ifquery says of eth0 in this file; None where it rejects the file or does not find it."""
        path.write_text(text)
        done = subprocess.run(
            [program, "--no-mappings", "-i", path, "eth0"], capture_output=True, text=True, check=False, env=os.environ
        )
        # What is given twice is one option of two lines, the second of which has no name.
        return None if done.returncode else re.findall(r"^[\w-]*: .*", done.stdout, re.MULTILINE)

    for _number in oracle.tries(30, slow=20):
        text = oracle.text(LINES, INTERFACES, soup=0.2)
        before = options(text)
        try:
            edited = interfaces_edit.to_dhcp(text, "eth0")
        except Refused:
            oracle.note("edits refused")
            continue
        if before is None or edited in (None, text):
            oracle.note("files with nothing to do, or that ifquery rejects")
            continue
        after = options(edited)
        assert after is not None, f"{text}\n{edited}"
        lost = [line.partition(": ") for line in before if line not in after]
        # After a line that only goes on, ifupdown takes name and value for the value of an option without a name.
        named = [(name or value.split()[0], value) for name, _mark, value in lost]
        assert all(name in GONE and not value.startswith("fd") for name, value in named), f"{text}\n{edited}"
        assert [line for line in after if line not in before] == [], f"{text}\n{edited}"
        assert interfaces_edit.to_dhcp(edited, "eth0") == edited
