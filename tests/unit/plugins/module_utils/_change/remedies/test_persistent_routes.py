# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Persistent routes with a kernel and services that tables play; booted guests have the real ones."""

import pathlib
import socket
import struct

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._change import network_services, restore, transaction
from ansible_collections.vmbackup.azure.plugins.module_utils._change.errors import ChangeError
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies import persistent_routes
from ansible_collections.vmbackup.azure.plugins.module_utils._guest import commands, kernel_routes

ONE, TWO = "20.38.0.0/17", "52.239.140.0/22"
PROFILE = "[connection]\nid=eth0\n\n[ipv4]\nmethod=auto\n"


class Machine:
    """A kernel's main table in a file, and the service that configures eth0; ``asked`` are commands that change."""

    def __init__(self, folder, service):
        self.table, self.profile = folder / "route", folder / "NetworkManager/eth0.nmconnection"
        self.profile.parent.mkdir()
        self.profile.write_text(PROFILE)
        self.ifcfg = folder / "network-scripts/ifcfg-eth0"
        self.ifcfg.parent.mkdir()
        if "ifcfg" in service:
            self.ifcfg.write_text("DEVICE=eth0\nBOOTPROTO=dhcp\n")
        self.service, self.asked, self.refused = service, [], ()
        self.routes = {("0.0.0.0/0", "10.0.0.1", 100), ("10.0.0.0/24", "0.0.0.0", 100), ("172.17.0.0/16", "0.0.0.0", 0)}
        self.write()

    def write(self):
        lines = ["Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT"]
        for to, gateway, metric in sorted(self.routes):
            address, _slash, prefix = to.partition("/")
            mask = socket.htonl((0xFFFFFFFF << (32 - int(prefix))) & 0xFFFFFFFF)
            words = [struct.unpack("=I", socket.inet_aton(text))[0] for text in (address, gateway)]
            lines.append(f"eth0 {words[0]:08X} {words[1]:08X} 0003 0 0 {metric} {mask:08X} 0 0 0")
        self.table.write_text("\n".join(lines) + "\n")

    def run(self, argv, _seconds, env=None):
        name = "ip_batch" if "-batch" in argv else argv[0]
        return commands.Outcome(*getattr(self, name)(argv), False)

    def ip(self, _argv):
        return 0, "168.63.129.16 via 10.0.0.1 dev eth0 src 10.0.0.4", ""

    def ip_batch(self, argv):
        for line in pathlib.Path(argv[-1]).read_text().splitlines():
            _route, verb, to, _via, gateway, _dev, _eth0, _metric, metric, *_proto = line.split()
            if to in self.refused:
                return 1, "", f"Command failed {argv[-1]}:1"
            self.asked.append((verb, to))
            (self.routes.add if verb == "add" else self.routes.remove)((to, gateway, int(metric)))
            self.write()
        return 0, "", ""

    def nmcli(self, argv):
        if "show" in argv:
            files = {"NetworkManager": self.profile, "ifcfg by NetworkManager": self.ifcfg}
            return 0, f"11-22:eth0:{files[self.service]}\n" if self.service in files else "", ""
        if "load" in argv:
            self.asked.append(("load", argv[-1]))
        return 0, "", ""

    def sh(self, _argv):
        return 0, "", ""


@pytest.fixture
def machine(tmp_path, monkeypatch, request):
    made = Machine(tmp_path, getattr(request, "param", "networkd"))
    monkeypatch.setattr(kernel_routes, "ROUTES", str(made.table))
    monkeypatch.setattr(commands, "run", made.run)
    file = "/run/systemd/network/10-netplan-eth0.network"
    monkeypatch.setattr(network_services, "network_file", lambda _name: file if made.service == "networkd" else None)
    monkeypatch.setattr(persistent_routes, "DROP_INS", str(tmp_path / "network"))
    monkeypatch.setattr(persistent_routes, "PROFILES", str(tmp_path / "NetworkManager"))
    monkeypatch.setattr(persistent_routes, "IFCFG", str(tmp_path / "network-scripts/ifcfg-"))
    (tmp_path / "network").mkdir()
    context = {"journal_dir": str(tmp_path / "journal"), "run_id": "run"}

    def call(*destinations, check=False, **options):
        params = {"destinations": list(destinations), "gateway": None, "interface": None, "state": "present", **options}
        return persistent_routes.work(params, transaction.Context("persistent_routes", check, **context))

    made.call = call
    made.undo = lambda: restore.work({"run_id": "run"}, transaction.Context("journal_restore", False, **context))
    made.files = lambda: {path: path.read_bytes() for path in tmp_path.glob("[nN]etwork*/**/*") if path.is_file()}
    return made


both_services = pytest.mark.parametrize(
    "machine", ["networkd", "NetworkManager", "ifcfg", "ifcfg by NetworkManager"], indirect=True
)


SERVICES = {
    "networkd": "networkd",
    "NetworkManager": "NetworkManager",
    "ifcfg": "network",
    "ifcfg by NetworkManager": "NetworkManager",
}


@both_services
def test_added_once_and_undone_to_the_byte(machine):
    files, kernel = machine.files(), set(machine.routes)
    preview = machine.call(TWO, ONE, check=True)
    assert (machine.files(), machine.asked) == (files, [])
    done = machine.call(TWO, ONE)
    assert {name: preview[name] for name in preview if name not in ("run_id", "journal")} == {
        name: done[name] for name in done if name not in ("run_id", "journal")
    }
    assert done["before"] == {"now": [], "boot": []} and done["after"] == {"now": [ONE, TWO], "boot": [ONE, TWO]}
    assert (done["service"], done["interface"], done["gateway"]) == (SERVICES[machine.service], "eth0", "10.0.0.1")
    assert machine.routes == kernel | {(ONE, "10.0.0.1", 100), (TWO, "10.0.0.1", 100)}
    assert ONE.encode() in machine.files()[pathlib.Path(done["file"])]
    assert ("load" in dict(machine.asked)) == ("NetworkManager" in machine.service)
    asked = list(machine.asked)
    again = machine.call(ONE, TWO)
    assert not again["changed"] and again["compliant"] and machine.asked == asked

    undone = machine.undo()
    assert undone["changed"] and undone["restored"][0] == "2 routes by 10.0.0.1 of eth0"
    assert machine.files() == files and machine.routes == kernel
    assert [verb for verb, _what in machine.asked].count("load") == (2 if "NetworkManager" in machine.service else 0)
    assert not machine.undo()["changed"]


@both_services
def test_removed_alone(machine):
    machine.call(ONE)
    files, kernel = machine.files(), set(machine.routes)
    machine.call(TWO)
    gone = machine.call(TWO, state="absent")
    assert gone["before"] == {"now": [TWO], "boot": [TWO]} and gone["after"] == {"now": [], "boot": []}
    assert not machine.call(TWO, state="absent")["changed"]
    assert machine.files() == files and machine.routes == kernel


@both_services
def test_only_what_is_missing_is_added(machine):
    """A boot ago someone deleted the route, or it was added by hand."""
    machine.routes.add((ONE, "10.0.0.1", 100))
    machine.write()
    done = machine.call(ONE)
    assert done["before"] == {"now": [ONE], "boot": []} and ("add", ONE) not in machine.asked
    machine.undo()
    assert (ONE, "10.0.0.1", 100) in machine.routes


def test_what_the_kernel_refuses_can_be_undone(machine):
    machine.refused = (TWO,)
    files, kernel = machine.files(), set(machine.routes)
    with pytest.raises(ChangeError, match="Cannot run 'ip -4 -batch") as caught:
        machine.call(ONE, TWO)
    assert caught.value.facts["changed"] and machine.routes != kernel
    machine.undo()
    assert machine.files() == files and machine.routes == kernel


REFUSED = {
    "168.63.128.0/17": "168.63.129.16 of the Azure host is in it",
    "0.0.0.0/0": "168.63.129.16 of the Azure host is in it",
    "0.0.0.0/1": "no gateway leads to all",
    "169.254.0.0/17": "no gateway leads to all",
    "10.0.0.128/25": "this host has an address in it",
    "172.16.0.0/12": "this host has an address in it",
    "20.38.0.1/17": "give an IPv4 network",
    "2603:1000::/46": "give an IPv4 network",
    "Storage.WestEurope": "give an IPv4 network",
}


@pytest.mark.parametrize("destination", REFUSED)
def test_routes_that_would_take_a_way_away_are_refused(machine, destination):
    with pytest.raises(ChangeError, match=REFUSED[destination]):
        machine.call(ONE, destination)
    assert (machine.asked, list(machine.files())) == ([], [machine.profile])


def test_a_route_of_someone_else_is_not_replaced(machine):
    machine.routes.add((ONE, "10.0.0.9", 100))
    machine.write()
    with pytest.raises(ChangeError, match="it has a route by 10.0.0.9 of eth0 already"):
        machine.call(ONE)


@pytest.mark.parametrize("gateway", ["10.0.1.1", "fe80::1", "gateway"])
def test_a_gateway_that_cannot_be_reached_is_refused(machine, gateway):
    with pytest.raises(ChangeError, match=f"Cannot use the gateway '{gateway}'"):
        machine.call(ONE, gateway=gateway)


@pytest.mark.parametrize(("count", "fits"), [(0, False), (1000, True), (1001, False)])
def test_as_many_as_a_service_takes(machine, count, fits):
    listed = [f"20.{number // 256}.{number % 256}.0/24" for number in range(count)]
    if fits:
        assert len(machine.call(*listed)["after"]["boot"]) == count
    else:
        with pytest.raises(ChangeError, match=r"give 1 to 1,000"):
            machine.call(*listed)


def test_an_interface_that_neither_service_configures(machine):
    machine.service = None
    with pytest.raises(ChangeError, match="neither NetworkManager, systemd-networkd nor an ifcfg"):
        machine.call(ONE)


@pytest.mark.parametrize("machine", ["NetworkManager"], indirect=True)
def test_a_profile_that_something_else_generates(machine, monkeypatch):
    monkeypatch.setattr(persistent_routes, "PROFILES", "/etc/NetworkManager")
    with pytest.raises(ChangeError, match="not a key file in /etc/NetworkManager"):
        machine.call(ONE)


@pytest.mark.parametrize("machine", ["NetworkManager"], indirect=True)
def test_a_profile_that_takes_no_routes_says_what_to_do(machine):
    machine.profile.write_text(PROFILE.replace("auto", "shared"))
    with pytest.raises(ChangeError, match=r"its method is 'shared'; by hand: run 'nmcli connection modify' for eth0"):
        machine.call(ONE)


@pytest.mark.parametrize("machine", ["ifcfg"], indirect=True)
def test_a_route_file_of_red_hat_keeps_its_other_lines(machine):
    file = machine.ifcfg.with_name("route-eth0")
    there = "# ours\n10.9.0.0/16 via 10.0.0.9 dev eth0\n20.38.0.0/17 via 10.0.0.1 metric 100"
    file.write_text(there)
    assert machine.call(ONE)["after"]["boot"] == [ONE] and file.read_text() == there
    machine.call(ONE, TWO)
    assert file.read_text() == f"{there}\n{TWO} via 10.0.0.1 dev eth0 metric 100\n"
    machine.call(ONE, state="absent")
    assert file.read_text() == f"{there.rpartition('20.38')[0]}{TWO} via 10.0.0.1 dev eth0 metric 100\n"
    file.write_text("ADDRESS0=10.9.0.0\nNETMASK0=255.255.0.0\nGATEWAY0=10.0.0.9\n")
    with pytest.raises(ChangeError, match=r"Cannot edit '.*route-eth0': its routes are variables .*; by hand: write"):
        machine.call(ONE)


@pytest.mark.parametrize("machine", ["NetworkManager"], indirect=True)
def test_a_profile_that_netplan_has_written_is_refused(machine):
    machine.profile = pathlib.Path("/run/NetworkManager/system-connections/netplan-eth0.nmconnection")
    with pytest.raises(
        ChangeError, match="Cannot edit '.*': netplan writes it; add the routes below the interface in /etc/netplan"
    ):
        machine.call(ONE)


@both_services
@pytest.mark.parametrize("state", ["present", "absent"])
def test_nothing_is_built_on_a_network_that_is_on_trial(machine, tmp_path, state):
    """The profile of NetworkManager is the file on trial: another writer would keep the old one from coming back."""
    files = machine.files()
    (tmp_path / "journal/night").mkdir(parents=True, mode=0o700)
    (tmp_path / "journal/night/guard-armed").touch()
    for check in (True, False):
        with pytest.raises(
            ChangeError, match="Cannot change 'the network': the change of run 'night' is not confirmed yet"
        ):
            machine.call(ONE, check=check, state=state)
    assert (machine.asked, machine.files()) == ([], files)
    (tmp_path / "journal/night/guard-armed").rename(tmp_path / "journal/night/guard-confirmed")
    (tmp_path / "journal/journal.json").write_text('{"schema": 1, "journal": "vmbackup.azure"}')
    assert machine.call(ONE, state=state)["changed"] == (state == "present")


def test_networks_of_ipv6_are_refused(machine):
    with pytest.raises(ChangeError, match="Cannot route '2603:1020::/32': give an IPv4 network"):
        machine.call("2603:1020::/32")
