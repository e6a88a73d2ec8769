# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""On booted guests: an address that no one confirmed is taken back, whatever happens before that."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._change import guard
from static_guest import JOURNAL, UNIT, Static, is_static, state

pytestmark = pytest.mark.lab

GUESTS = {
    "ifupdown": (
        "bookworm",
        "dhclient",
        "sed -i 's/ dhcp/ static\\n  address {address}\\n  netmask 255.255.0.0\\n  gateway 10.77.0.1/'"
        " /etc/network/interfaces.d/eth0; ifdown --force eth0; ip address flush dev eth0; ifup eth0",
    ),
    "networkd": (
        "trixie",
        "networkd",
        "sed -i 's,^DHCP=ipv4,Address={address}/16\\nGateway=10.77.0.1,' /etc/systemd/network/10-eth0.network; "
        "networkctl reload; networkctl reconfigure eth0",
    ),
    "netplan": (
        "trixie",
        "netplan",
        "sed -i 's|dhcp4: true|addresses: [{address}/16]\\n      routes: [{to: default, via: 10.77.0.1}]|'"
        " /etc/netplan/50-cloud-init.yaml; netplan apply",
    ),
}
TWO = ("ifupdown", "networkd")
# What a site's hook may leave behind: it keeps the output of whoever runs it open.
HOOK = "#!/bin/sh\nsetsid sleep 10000 &\n"
HOOKS = ("/etc/network/if-down.d/site", "/etc/network/if-up.d/site")


def alive(guest, pids):
    return sorted(pid for pid in pids if guest.exec(["test", "-e", f"/proc/{pid}"], check=False).returncode == 0)


@pytest.fixture(params=TWO)
def static(request, lab, lab_host):
    suite, client, script = GUESTS[request.param]
    return Static(lab, lab_host(suite, client=client, agent=False), script)


def test_confirmed_it_stays_and_so_does_what_the_network_started(static):
    """The DHCP client, and children of hooks that keep their output open."""
    for hook in HOOKS:
        static.guest.write(hook, HOOK, "0755")
    static.change()
    static.wait_applied()
    watcher = static.guest.exec(["systemctl", "show", "-p", "MainPID", "--value", UNIT]).stdout.split()
    group = static.guest.exec(f"cat /sys/fs/cgroup/system.slice/{UNIT}/cgroup.procs").stdout.split()
    assert set(watcher) < set(group) or static.guest.spec.client == "networkd"
    static.call(state="confirmed")
    static.guest.exec(["systemctl", "daemon-reload"])
    assert alive(static.guest, group) == sorted(set(group) - set(watcher))
    assert state(static.guest) == ["guard-confirmed"] and UNIT not in static.guest.exec("ls -R /etc/systemd").stdout
    static.guest.reboot()
    assert "dynamic" in static.guest.exec("ip -4 address show dev eth0").stdout
    assert static.guest.exec("systemctl --failed --plain --no-legend").stdout == ""


REBOOTED = "the host was rebooted, or the watcher was killed"


def test_a_reboot_before_the_confirmation(static, oracle):
    static.change()
    static.wait_applied()
    began = time.monotonic()
    static.guest.reboot()
    assert is_static(static.guest)
    oracle.figures["seconds"] = round(static.assert_back(REBOOTED, 1) - began)


def test_a_power_cut_between_decision_and_undo(static, oracle):
    static.change()
    static.wait_applied()
    began = time.monotonic()
    static.guest.exec(f"systemctl kill --signal=STOP {UNIT}; mv {JOURNAL}/guard-armed {JOURNAL}/guard-reverting")
    static.guest.stop()
    static.guest.start()
    static.guest.wait_ready()
    assert is_static(static.guest)
    oracle.figures["seconds"] = round(static.assert_back("", 1) - began)


@pytest.mark.parametrize("signal", ["KILL", "TERM"])
def test_a_killed_watcher(static, signal, oracle):
    static.change()
    static.wait_applied()
    began = time.monotonic()
    static.guest.exec(["systemctl", "kill", f"--signal={signal}", UNIT])
    oracle.figures["seconds"] = round(static.assert_back(REBOOTED) - began)


def hold_the_lock(static):
    """Another run that changes the host and does not come to its end."""
    static.guest.exec("systemd-run --quiet --unit=other flock /var/lib/vmbackup/journal/lock sleep 1000")


def fill_the_disk(static):
    for folder in ("/var/lib/vmbackup", "/etc"):
        static.guest.faults.fill_disk(folder)


def fail_once(static):
    """The first time that the address is to come back, it does not."""
    script = '#!/bin/sh\n[ "$METHOD" != static ] || [ -e /run/failed ] || { touch /run/failed; exit 1; }\n'
    static.guest.write("/etc/network/if-pre-up.d/once", script, "0755")


def get_no_lease(static):
    """The DHCP client finds no server that it may ask, and goes on looking in the background."""
    static.guest.exec("printf 'timeout 5;\\nreject 10.77.0.1;\\n' >>/etc/dhcp/dhclient.conf")


def kill_the_change(static):
    """The module dies when all files are written, before it can say so."""
    static.guest.write("/etc/python3.11/sitecustomize.py", KILLED)


KILLED = """import os, sys
def killed(event, arguments):
    if event == "os.rename" and str(arguments[1]).endswith("guard-ready"):
        os.kill(os.getpid(), 9)
sys.addaudithook(killed)
"""


def have_a_clock(static):
    """The clock of the watcher and of all that it runs is a file."""
    static.guest.write("/run/clock", "+0")
    static.guest.write("/run/systemd/system/vmbackup-guard-.service.d/clock.conf", f"[Service]\nEnvironment={CLOCK}\n")


CLOCK = (
    "LD_PRELOAD=/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1 "
    "FAKETIME_TIMESTAMP_FILE=/run/clock FAKETIME_NO_CACHE=1 DONT_FAKE_MONOTONIC=1"
)


def set_the_clock_back(static):
    watcher = static.guest.exec(["systemctl", "show", "-p", "MainPID", "--value", UNIT]).stdout.strip()
    assert "libfaketime" in static.guest.read(f"/proc/{watcher}/maps")
    static.guest.write("/run/clock", "-400d")
    assert static.guest.exec(f"env {CLOCK} date +%Y").stdout < static.guest.exec("date +%Y").stdout


def nothing(_static):
    """The controller does not come back."""


@dataclass(frozen=True)
class Way:
    """What happens ``before`` the change, or ``meanwhile``; in how many ``seconds`` the old address is promised."""

    before: Callable = nothing
    meanwhile: Callable = nothing
    seconds: int = 30 + guard.DELAY_SECONDS
    reason: str = "it was not confirmed in time"
    guest: str = "ifupdown"


WAYS = {
    "the controller never returns": Way(),
    "the undo fails once": Way(before=fail_once),
    "no lease": Way(before=get_no_lease, seconds=30 + guard.DELAY_SECONDS + 10),
    "the lock is held": Way(meanwhile=hold_the_lock, seconds=30 + guard.DELAY_SECONDS + guard.LOCK_SECONDS),
    "the disk is full": Way(meanwhile=fill_the_disk),
    "the clock is set back": Way(before=have_a_clock, meanwhile=set_the_clock_back, guest="netplan"),
    "the change is killed": Way(
        before=kill_the_change, seconds=guard.READY_SECONDS, reason="the change did not come to its end"
    ),
}
# For the commands that bring the address back, on a busy machine.
LONGER = 240


def test_what_happens_before_the_end_of_its_time(lab, lab_host, oracle):
    """Beside a hook that leaves a child behind."""

    def run(name, way, static):
        for hook in HOOKS:
            static.guest.write(hook, HOOK, "0755")
        way.before(static)
        static.before = static.guest.snapshot("/etc")
        if way.before is kill_the_change:
            assert "confirm_required" not in static.call(state="dhcp", confirm_within=600, check=False)
            assert "inet dhcp" in static.guest.read("/etc/network/interfaces.d/eth0")
        else:
            static.change(30)
        began = time.monotonic()
        if way.meanwhile is not nothing:
            static.wait_applied()
            way.meanwhile(static)
        back = static.assert_back(way.reason, way.seconds + LONGER - (time.monotonic() - began))
        oracle.figures[f"seconds: {name} (undo after {way.seconds})"] = round(back - began)

    def boot(way):
        suite, client, script = GUESTS[way.guest]
        return Static(lab, lab_host(suite, client=client, agent=False), script)

    guests = [boot(way) for way in WAYS.values()]
    with ThreadPoolExecutor(len(guests)) as pool:
        done = [pool.submit(run, *way, guest) for way, guest in zip(WAYS.items(), guests, strict=True)]
    failed = {name: repr(one.exception()) for name, one in zip(WAYS, done, strict=True) if one.exception()}
    assert failed == {}
