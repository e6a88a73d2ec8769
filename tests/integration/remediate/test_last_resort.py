# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""On booted guests: an address that no one confirmed is taken back, whatever happens before that."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from lab.command import wait_until
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
}
# What a site's hook may leave behind: it keeps the output of whoever runs it open.
HOOK = "#!/bin/sh\nsetsid sleep 10000 &\n"
HOOKS = ("/etc/network/if-down.d/site", "/etc/network/if-up.d/site")


def alive(guest, pids):
    return sorted(pid for pid in pids if guest.exec(["test", "-e", f"/proc/{pid}"], check=False).returncode == 0)


@pytest.fixture(params=GUESTS)
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
    wait_until("end of the watcher", lambda: not alive(static.guest, watcher), 10)
    static.guest.exec(["systemctl", "daemon-reload"])
    assert alive(static.guest, group) == sorted(set(group) - set(watcher))
    assert state(static.guest) == ["guard-confirmed"] and UNIT not in static.guest.exec("ls -R /etc/systemd").stdout
    static.guest.reboot()
    assert "dynamic" in static.guest.exec("ip -4 address show dev eth0").stdout
    assert static.guest.exec("systemctl --failed --plain --no-legend").stdout == ""


REBOOTED = "the host was rebooted, or the watcher was killed"


def test_a_reboot_before_the_confirmation(static):
    static.change()
    static.wait_applied()
    static.guest.reboot()
    assert is_static(static.guest)
    static.assert_back(REBOOTED, 1)


def test_a_power_cut_between_decision_and_undo(static):
    static.change()
    static.wait_applied()
    static.guest.exec(f"systemctl kill --signal=STOP {UNIT}; mv {JOURNAL}/guard-armed {JOURNAL}/guard-reverting")
    static.guest.stop()
    static.guest.start()
    static.guest.wait_ready()
    assert is_static(static.guest)
    static.assert_back("", 1)


@pytest.mark.parametrize("signal", ["KILL", "TERM"])
def test_a_killed_watcher(static, signal):
    static.change()
    static.wait_applied()
    static.guest.exec(["systemctl", "kill", f"--signal={signal}", UNIT])
    static.assert_back(REBOOTED)


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


# What happens before the 30 seconds are over, beside a hook that leaves a child behind.
BEFORE, MEANWHILE = (fail_once, get_no_lease), (hold_the_lock, fill_the_disk)


def test_what_happens_before_the_end_of_its_time(lab, lab_host):
    def run(one):
        fault, static = one
        for hook in HOOKS:
            static.guest.write(hook, HOOK, "0755")
        if fault in BEFORE:
            fault(static)
        static.before = static.guest.snapshot("/etc")
        static.change(30)
        if fault in MEANWHILE:
            static.wait_applied()
            fault(static)
        static.assert_back("it was not confirmed in time", 240)

    suite, client, script = GUESTS["ifupdown"]
    faults = BEFORE + MEANWHILE
    guests = [Static(lab, lab_host(suite, client=client, agent=False), script) for _fault in faults]
    with ThreadPoolExecutor(len(guests)) as pool:
        list(pool.map(run, zip(faults, guests, strict=True)))
