# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every fault does what it says, and ends when it is taken back."""

import time
from email.utils import parsedate_to_datetime

import pytest
from lab.command import wait_until

pytestmark = pytest.mark.lab

WIRE = "168.63.129.16"


@pytest.fixture(scope="module")
def guest(module_host):
    guest = module_host()
    guest.wait_agent()
    return guest


@pytest.fixture
def host(lab, guest):
    """The module's guest, without what a failed test may have left."""
    yield guest
    guest.faults.thaw()
    guest.faults.plug_cable()
    lab.undrop()
    lab.fabric.heal()
    lab.fabric.heal(guest.address)


def curl(host, url, *options, seconds=60):
    command = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "--max-time", str(seconds), *options, url]
    return host.exec(command, check=False)


def test_cut_cable(host):
    host.faults.cut_cable()
    assert not host.answers_ssh()
    assert "NO-CARRIER" in host.exec("ip link show eth0").stdout

    host.faults.plug_cable()
    host.wait_ssh()


def test_dropped_port_is_silent_and_the_others_answer(lab, host):
    lab.drop(host, WIRE, 32526)
    assert curl(host, f"http://{WIRE}:32526/versions", seconds=2).returncode == 28  # no answer in time, no refusal
    assert curl(host, f"http://{WIRE}/?comp=versions").stdout == "200"

    lab.undrop(host)
    assert curl(host, f"http://{WIRE}:32526/versions").stdout == "200"


def test_dropped_address_is_silent_for_one_guest_only(lab, host, lab_host):
    other = lab_host()
    lab.drop(host, WIRE)
    assert curl(host, f"http://{WIRE}/?comp=versions", seconds=2).returncode == 28
    assert curl(other, f"http://{WIRE}/?comp=versions").stdout == "200"

    lab.undrop()
    assert curl(host, f"http://{WIRE}/?comp=versions").stdout == "200"


def test_frozen_guest_hangs_and_goes_on(host):
    host.faults.freeze()
    assert not host.answers_ssh()

    host.faults.thaw()
    host.wait_ssh()


def test_frozen_guest_can_be_removed(lab_host):
    host = lab_host()
    host.faults.freeze()
    host.stop()
    assert not host.running()


def test_stopped_agent_is_active_for_systemd_but_silent(lab, host):
    host.faults.stop_unit_processes()
    quiet_since = time.time()
    assert host.exec(["systemctl", "is-active", "walinuxagent"]).stdout.strip() == "active"
    group = "/sys/fs/cgroup/system.slice/walinuxagent.service/cgroup.procs"
    states = f"for p in $(cat {group}); do awk '/^State/{{print $2}}' /proc/$p/status; done"
    # A process stops at its next turn, not at the signal.
    wait_until("stopped processes", lambda: set(host.exec(states).stdout.split()) == {"T"})

    host.faults.continue_unit_processes()
    host.wait_agent(since=quiet_since)


def test_full_disk(host):
    directory = "/var/lib/waagent"
    kept = host.exec(f"cd {directory} && find . -type f | sort").stdout.split()
    host.faults.fill_disk(directory)
    refused = host.exec(f"dd if=/dev/zero of={directory}/more bs=64k count=1", check=False)
    assert "No space left on device" in refused.stderr
    assert set(kept) <= set(host.exec(f"cd {directory} && find . -type f").stdout.split())

    host.faults.restore_directory(directory)
    host.exec(f"dd if=/dev/zero of={directory}/more bs=64k count=1 && rm {directory}/more")


def test_disk_with_some_room_left(host):
    host.faults.fill_disk("/var/log", free_kib=512)
    free = int(host.exec("df --output=avail -k /var/log | tail -1").stdout)
    assert 256 <= free <= 512
    host.faults.restore_directory("/var/log")


def test_exhausted_inodes_with_blocks_to_spare(host):
    host.faults.exhaust_inodes("/var/lib/waagent")
    refused = host.exec("touch /var/lib/waagent/more", check=False)
    assert "No space left on device" in refused.stderr
    assert int(host.exec("df --output=avail -k /var/lib/waagent | tail -1").stdout) > 1024
    assert int(host.exec("df --output=iavail /var/lib/waagent | tail -1").stdout) == 0

    host.faults.restore_directory("/var/lib/waagent")
    host.exec("touch /var/lib/waagent/more && rm /var/lib/waagent/more")


@pytest.mark.parametrize(
    ("options", "attempt", "complaint"),
    [
        ("ro", "touch /var/lib/waagent/more", "Read-only file system"),
        ("noexec", "cp /bin/true /var/lib/waagent/more && /var/lib/waagent/more", "Permission denied"),
    ],
)
def test_remounted_directory(host, options, attempt, complaint):
    host.faults.remount("/var/lib/waagent", options)
    assert complaint in host.exec(attempt, check=False).stderr

    host.faults.restore_directory("/var/lib/waagent")
    host.exec(f"{attempt} && rm /var/lib/waagent/more")


def test_fabric_answers_with_an_error_to_one_guest(lab, host):
    lab.fabric.fail("wire", "comp=versions", 503, host.address)
    assert curl(host, f"http://{WIRE}/?comp=versions").stdout == "503"
    assert curl(host, f"http://{WIRE}:32526/versions").stdout == "200"

    lab.fabric.heal(host.address)
    assert curl(host, f"http://{WIRE}/?comp=versions").stdout == "200"


@pytest.mark.parametrize(("answer", "seconds", "code"), [("hang", 2, 28), ("reset", 60, 56)])
def test_fabric_hangs_or_resets(lab, host, answer, seconds, code):
    lab.fabric.fail("imds", "/metadata", answer)
    asked = curl(host, "http://169.254.169.254/metadata/instance", "-H", "Metadata:true", seconds=seconds)
    assert asked.returncode == code
    lab.fabric.heal()


def test_shifted_clock_shows_in_the_date_header(lab, host):
    lab.fabric.shift_clock(-7200, host.address)
    head = host.exec(f"curl -s -D - -o /dev/null http://{WIRE}/?comp=versions").stdout
    date = next(line for line in head.splitlines() if line.startswith("Date:")).partition(":")[2].strip()
    assert abs(parsedate_to_datetime(date).timestamp() + 7200 - time.time()) < 60
    lab.fabric.shift_clock(0, host.address)


def test_wrong_wire_server_leaves_the_route_as_it_is(lab_host):
    host = lab_host(option_245="wrong")
    assert "a:4d:0:63" in host.read("/var/lib/dhcp/dhclient.eth0.leases")
    assert "168.63.129.16 via 10.77.0.1" in host.exec("ip route show 168.63.129.16").stdout


def test_goal_state_that_fails_keeps_the_agent_from_reporting(lab, lab_host):
    lab.fabric.fail("wire", "comp=goalstate", 500)
    try:
        host = lab_host()

        def asked():
            return lab.fabric.requests(host.address, "wire", "comp=goalstate")

        wait_until("the agent's request", asked)
        assert {request["answer"] for request in asked()} == {500}
        assert lab.fabric.status(host.address) is None
    finally:
        lab.fabric.heal()
