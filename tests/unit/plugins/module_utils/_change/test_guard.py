# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The dead-man switch: whatever happens before the confirmation, the old configuration comes back."""

import fcntl
import io
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
import zipfile

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._change import (
    atomic,
    guard,
    guard_unit,
    restore,
    systemd,
    transaction,
)
from ansible_collections.vmbackup.azure.plugins.module_utils._change.errors import ChangeError
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies import guest_dhcp
from ansible_collections.vmbackup.azure.plugins.module_utils._change.steps import FileStep
from ansible_collections.vmbackup.azure.plugins.module_utils._change.systemd import Systemd

STATIC, DHCP = b"iface eth0 inet static\n", b"iface eth0 inet dhcp\n"
PATIENCE = 300

# As much of systemd as a start takes: the watcher notes that it runs. `network-pre` says how far a boot is.
SYSTEMCTL = """#!/bin/sh
echo "$*" >>{folder}/systemctl
case "$*" in
--version) echo systemd 252 ;;
is-active*) rm {folder}/active 2>/dev/null || exit 3 ;;
*network-pre.target) echo "ActiveState=$(cat {folder}/network-pre)" ;;
*refused*) echo "Unit is masked." >&2; exit 1 ;;
*start*) touch {folder}/journal/net/guard-started ;;
esac
"""


class Guest:
    """A folder in place of a guest: its one file, its journal, its units, and what its commands leave in a log."""

    def __init__(self, folder):
        self.folder = folder
        self.etc, self.store, self.units = folder / "etc", folder / "journal", folder / "units"
        for place in (self.etc, self.units / "sysinit.target.wants"):
            place.mkdir(parents=True, exist_ok=True)
        self.path, self.log = self.etc / "interfaces", folder / "log"
        self.path.write_bytes(STATIC)
        self.log.write_bytes(b"")
        self.run_path = str(self.store / "net")
        self.watcher = None
        self.boot("active")

    def boot(self, network):
        (self.folder / "network-pre").write_text(network)

    def change(self, seconds=60.0, command=None, ready=True, run_id="net"):
        """What guest_dhcp does with one file."""
        source = guest_dhcp.Source("ifupdown", "eth0", [], [command or self.effect()], at_boot=[self.effect("boot")])
        steps = [
            guest_dhcp.EffectStep(source.interface, source.apply),
            guest_dhcp.ArmStep(source, ["10.0.0.4/24"], seconds),
        ]
        steps += [FileStep(str(self.path), DHCP)] + ([guest_dhcp.ReadyStep()] if ready else [])
        context = transaction.Context("guest_dhcp", False, run_id, str(self.store))
        return transaction.execute(lambda: transaction.Plan(steps, {}, {}), context)

    def effect(self, word=""):
        return ["sh", "-c", f"(echo -n {word}; cat {self.path}) >>{self.log}"]

    def confirm(self, check=False):
        context = transaction.Context("guest_dhcp", check, "net", str(self.store))
        return guest_dhcp.confirm({"run_id": "net"}, context, lambda argv, **_: guest_dhcp.commands.Result(0, IP, ""))

    def undo(self):
        return restore.work({"run_id": "net"}, transaction.Context("journal_restore", False, None, str(self.store)))

    def start_watcher(self):
        """The watcher in a process of its own."""
        self.watcher = os.fork()
        if self.watcher == 0:
            try:
                first_watcher(self)
                os._exit(0)
            finally:
                os._exit(1)

    def end_watcher(self, number=signal.SIGKILL):
        """Kill the watcher, or with 0 wait for its end."""
        if self.watcher:
            os.kill(self.watcher, number)
            child, self.watcher = self.watcher, None
            return os.waitpid(child, 0)[1]
        return None

    def litter(self):
        """Whatever is there beside the file and is not the journal's."""
        names = [name for place in (self.etc, self.units) for name in os.listdir(place)]
        names += os.listdir(self.units / "sysinit.target.wants")
        return sorted(set(names) - {"interfaces", "sysinit.target.wants"})


IP = "2: eth0    inet 10.0.0.4/24 scope global eth0"


@pytest.fixture
def guest(monkeypatch):
    """A Guest in memory where there is such a place: thousands of syncs cost nothing there."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as folder:
        made = Guest(pathlib.Path(folder))
        tools = made.folder / "bin"
        tools.mkdir()
        (tools / "systemctl").write_text(SYSTEMCTL.format(folder=folder))
        (tools / "systemctl").chmod(0o755)
        monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
        monkeypatch.setattr(guard_unit, "DIRECTORY", str(made.units))
        monkeypatch.setattr(Systemd, "is_running", staticmethod(lambda: True))
        other = {"DELAY": 0, "READY": 0.2, "POLL": 0.01, "LOCK": PATIENCE, "GONE": PATIENCE}
        for name, value in other.items():
            monkeypatch.setattr(guard, f"{name}_SECONDS", value)
        yield made
        made.end_watcher()


def forked(work):
    """Run work in a process of its own; gives what became of it as waitpid says."""
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        finally:
            os._exit(1)
    return os.waitpid(child, 0)[1]


def first_watcher(guest):
    """Be the watcher that systemd's stand-in only noted."""
    os.unlink(os.path.join(guest.run_path, guard.STARTED))
    guard.watch(guest.run_path)


def wait_for(happened):
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


# ---- one process, from the change to its end -----------------------------------------------------


def test_without_confirmation_the_old_file_comes_back_and_takes_effect(guest):
    guest.change(0.1)
    assert guard.state(guest.run_path) == guard.ARMED and guest.path.read_bytes() == DHCP
    first_watcher(guest)
    assert guest.path.read_bytes() == STATIC and guest.log.read_bytes() == DHCP + STATIC
    assert guard.state(guest.run_path) == guard.REVERTED and guest.litter() == []
    with pytest.raises(ChangeError, match="the old configuration is back: it was not confirmed in time"):
        guest.confirm()


def test_confirmed_it_stays_and_can_be_undone(guest):
    guest.change()
    guest.start_watcher()
    assert guest.confirm(check=True)["changed"]
    assert guest.confirm() == dict(guest.confirm(), changed=True, compliant=False)
    assert guest.end_watcher(0) == 0
    assert guest.path.read_bytes() == DHCP and guest.log.read_bytes() == DHCP
    assert guest.confirm()["compliant"] and guest.litter() == []
    # Undo still works, and makes the old file take effect.
    assert guest.undo()["changed"]
    assert guest.path.read_bytes() == STATIC and guest.log.read_bytes() == DHCP + STATIC
    assert not guest.undo()["changed"]


@pytest.mark.parametrize("first", ["undo", "confirmation"])
def test_what_was_undone_is_not_called_confirmed(guest, first):
    """Someone undoes a run that a fix is about to confirm, or has confirmed and asks again."""
    guest.change()
    guest.start_watcher()
    if first == "confirmation":
        guest.confirm()
    assert guest.undo()["changed"] and guest.path.read_bytes() == STATIC
    for check in (True, False):
        with pytest.raises(ChangeError, match="the old configuration is back: the run was undone"):
            guest.confirm(check)
    assert guest.end_watcher(0) == 0
    assert guest.path.read_bytes() == STATIC and guest.log.read_bytes().endswith(STATIC) and guest.litter() == []


def test_a_confirmation_returns_when_systemd_has_seen_the_end_of_the_watcher(guest):
    """The unit's file is gone: reloaded before that, systemd would end the DHCP client with the watcher."""
    guest.change()
    guest.start_watcher()
    (guest.folder / "active").touch()
    assert guest.confirm()["changed"]
    assert (guest.folder / "systemctl").read_text().count("is-active --quiet vmbackup-guard-net.service") == 2


def test_a_configuration_that_fails_is_taken_back_at_once(guest):
    guest.change(60, ["sh", "-c", f"grep static {guest.path} || (echo no such device >&2; exit 1)"])
    first_watcher(guest)
    assert guest.path.read_bytes() == STATIC
    with pytest.raises(ChangeError, match="the old configuration is back: .*no such device"):
        guest.confirm()


def test_a_change_that_never_came_to_its_end_is_taken_back(guest):
    guest.change(60, ready=False)
    first_watcher(guest)
    assert guest.path.read_bytes() == STATIC and guest.litter() == []
    with pytest.raises(ChangeError, match="the change did not come to its end"):
        guest.confirm()


def test_what_was_undone_by_hand_is_not_undone_again(guest):
    guest.change(0.1)
    guest.undo()
    guest.log.write_bytes(b"")
    first_watcher(guest)
    assert guest.path.read_bytes() == STATIC and guest.log.read_bytes() == DHCP.replace(b"dhcp", b"static")
    assert guest.litter() == []


def test_the_first_decision_holds(guest):
    guest.change()
    assert guard.decide(guest.run_path, guard.REVERTING) == guard.REVERTING
    assert guard.decide(guest.run_path, guard.CONFIRMED) == guard.REVERTING


def test_one_run_arms_one_switch(guest):
    guest.change()
    with pytest.raises(ChangeError, match="use another run_id"):
        guard.arm(guard.Run(guest.run_path), {})


def test_only_the_interface_is_taken_back_of_a_larger_run(guest):
    other = guest.folder / "other"
    context = transaction.Context("waagent_conf", False, "net", str(guest.store))
    transaction.execute(lambda: transaction.Plan([FileStep(str(other), b"kept")], {}, {}), context)
    guest.change(0.1)
    first_watcher(guest)
    assert guest.path.read_bytes() == STATIC and other.read_bytes() == b"kept"


@pytest.mark.parametrize("damaged", ["run.json", "0001.json"])
def test_damage_elsewhere_in_the_run_does_not_stop_the_last_resort(guest, damaged):
    other = guest.folder / "other"
    context = transaction.Context("waagent_conf", False, "net", str(guest.store))
    transaction.execute(lambda: transaction.Plan([FileStep(str(other), b"kept")], {}, {}), context)
    guest.change(0.1)
    pathlib.Path(guest.run_path, damaged).write_text("{")
    first_watcher(guest)
    assert guest.path.read_bytes() == STATIC and guard.state(guest.run_path) == guard.REVERTED
    assert guest.log.read_bytes() == DHCP + STATIC and guest.litter() == []


def test_a_switch_that_cannot_be_started_leaves_everything_as_it_was(guest):
    with pytest.raises(ChangeError, match="Cannot start 'vmbackup-guard-refused.service': Unit is masked."):
        guest.change(run_id="refused")
    assert guest.path.read_bytes() == STATIC and guest.litter() == []
    assert "stop vmbackup-guard-refused.service" in (guest.folder / "systemctl").read_text()


def test_where_no_unit_can_be_written_nothing_is_begun(guest, monkeypatch):
    monkeypatch.setattr(guard_unit, "DIRECTORY", str(guest.path / "units"))
    with pytest.raises(ChangeError, match=r"Cannot write '.*/vmbackup-guard-check.service': '.*' is not a directory"):
        guest.change()
    assert not guest.store.exists()


# ---- what may happen meanwhile -------------------------------------------------------------------


def test_a_hook_with_a_child_in_the_background_holds_nothing_up(guest):
    pids = guest.folder / "pids"
    guest.change(0.1, ["sh", "-c", f"sleep 100 & echo $! >>{pids}; cat {guest.path} >>{guest.log}"])
    first_watcher(guest)
    assert guest.path.read_bytes() == STATIC and guest.log.read_bytes() == DHCP + STATIC
    for pid in pids.read_text().split():
        os.kill(int(pid), signal.SIGKILL)  # it still runs: it may be a DHCP client


def hold(guest):
    descriptor = os.open(guest.store / "lock", os.O_RDWR)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


def test_a_lock_that_another_run_keeps_does_not_stop_the_last_resort(guest, monkeypatch):
    monkeypatch.setattr(guard, "LOCK_SECONDS", 0.2)
    guest.change(0.1)
    lock = hold(guest)
    first_watcher(guest)
    os.close(lock)
    assert guest.path.read_bytes() == STATIC and guest.log.read_bytes() == DHCP + STATIC


def test_before_the_change_took_effect_the_lock_is_waited_for(guest, monkeypatch):
    monkeypatch.setattr(guard, "LOCK_SECONDS", 0.2)
    guest.change(60, ready=False)
    guest.start_watcher()
    lock = hold(guest)
    wait_for(lambda: guard.note(guest.run_path, guard.TROUBLE) is not None)
    assert guest.path.read_bytes() == DHCP and guard.state(guest.run_path) == guard.REVERTING
    os.close(lock)
    assert guest.end_watcher(0) == 0
    assert guest.path.read_bytes() == STATIC


@pytest.mark.parametrize("failures", [1, 3])
def test_an_undo_that_fails_is_tried_again(guest, monkeypatch, failures):
    monkeypatch.setattr(guard.time, "sleep", lambda seconds: None)
    count = guest.folder / "count"
    once = f"if grep -q static {guest.path}; then echo x >>{count}; test $(wc -l <{count}) -gt {failures} || exit 1; fi"
    guest.change(0.1, ["sh", "-c", f"{once}; cat {guest.path} >>{guest.log}"])
    monkeypatch.setattr(guard, "addresses_of", lambda interface: [])
    first_watcher(guest)
    assert guest.log.read_bytes() == DHCP + STATIC
    assert guard.state(guest.run_path) == guard.REVERTED and len(count.read_text().split()) == failures + 1


def test_an_undo_that_did_not_work_yet_is_not_said_to_be_done(guest, monkeypatch):
    monkeypatch.setattr(guest_dhcp, "REVERTED_SECONDS", 0)
    broken = ["sh", "-c", f"! grep -q static {guest.path} || (echo no such device >&2; exit 1)"]
    guest.change(0.1, broken)
    monkeypatch.setattr(guard, "addresses_of", lambda interface: [])
    guest.start_watcher()
    wait_for(lambda: guard.note(guest.run_path, guard.TROUBLE) is not None)
    with pytest.raises(ChangeError, match="the old configuration is not back yet: .*no such device"):
        guest.confirm()


def test_a_hook_that_always_fails_is_no_reason_to_go_on_when_the_address_is_back(guest, monkeypatch):
    guest.change(0.1, ["sh", "-c", f"cat {guest.path} >>{guest.log}; ! grep -q static {guest.path}"])
    monkeypatch.setattr(guard, "addresses_of", lambda interface: ["10.0.0.4/24", "10.0.0.5/24"])
    first_watcher(guest)
    assert guest.log.read_bytes() == DHCP + STATIC and guard.state(guest.run_path) == guard.REVERTED


@pytest.mark.parametrize("moment", ["before the change took effect", "while it waits"])
def test_a_full_disk_does_not_stop_the_last_resort(guest, monkeypatch, moment):
    guest.change(0.2)
    if moment == "while it waits":
        # The notes until then are written, and nothing after them.
        notes = iter([guard.STARTED, guard.BEGUN, guard.APPLIED])
    else:
        notes = iter([guard.STARTED])
    real = atomic._write_and_rename

    def write(directory, name, state):
        if name != next(notes, None):
            raise OSError(28, "No space left on device")
        real(directory, name, state)

    monkeypatch.setattr(atomic, "_write_and_rename", write)
    first_watcher(guest)
    assert guest.path.read_bytes() == STATIC and guard.state(guest.run_path) == guard.REVERTED
    assert guest.log.read_bytes().endswith(STATIC) and guest.litter() == []


def test_the_old_file_is_back_with_mode_and_owner(guest):
    guest.path.chmod(0o604)
    guest.change(0.1)
    first_watcher(guest)
    assert guest.path.stat().st_mode & 0o777 == 0o604


def test_a_clock_that_is_set_does_not_matter(guest, monkeypatch):
    def clock():
        raise AssertionError("the wall clock was asked")

    guest.change(0.1)
    monkeypatch.setattr(guard.time, "time", clock)
    first_watcher(guest)
    assert guest.path.read_bytes() == STATIC


@pytest.mark.parametrize("waiting", [True, False])
def test_a_watcher_that_is_killed_and_started_anew_takes_back_at_once(guest, waiting):
    guest.change(1000, guest.effect() if waiting else ["sleep", "1000"])
    guest.start_watcher()
    wait_for(lambda: guard.note(guest.run_path, guard.APPLIED if waiting else guard.BEGUN) is not None)
    guest.end_watcher()
    source = json.loads(guard.note(guest.run_path, guard.FACTS))
    if not waiting:
        # The undo must not hang as the change did; its commands are the journal's.
        entry = pathlib.Path(guest.run_path, "0001.json")
        entry.write_text(json.dumps(dict(json.loads(entry.read_text()), undo=[guest.effect()])))
    assert source["seconds"] == 1000
    guard.watch(guest.run_path)
    assert guest.path.read_bytes() == STATIC and guest.log.read_bytes().endswith(STATIC)
    with pytest.raises(ChangeError, match="the old configuration is back: the host was rebooted, or the watcher was"):
        guest.confirm()


def test_a_reboot_finds_the_old_file_before_the_network(guest, monkeypatch):
    """Nothing is said to systemd before the file is there, and no command meddles with a network that starts."""
    guest.change(1000)
    forked(lambda: (guest.boot("active"), guard._note(guest.run_path, guard.BEGUN, "")))
    guest.boot("inactive")
    seen = []
    monkeypatch.setattr(guard_unit, "tell_started", lambda: seen.append(guest.path.read_bytes()))
    guard.watch(guest.run_path)
    assert set(seen) == {STATIC} and guest.path.read_bytes() == STATIC
    assert guest.log.read_bytes() == b"boot" + STATIC
    assert guard.state(guest.run_path) == guard.REVERTED and guest.litter() == []


def test_a_boot_goes_on_when_the_undo_fails_and_it_is_tried_again_with_the_network(guest, monkeypatch):
    guest.change(1000)
    guest.boot("inactive")
    real, seen = restore.plan_module, []

    def plan(run, module):
        if not seen:
            raise OSError(5, "Input/output error")
        return real(run, module)

    def told():
        seen.append(guest.path.read_bytes())
        guest.boot("active")

    monkeypatch.setattr(restore, "plan_module", plan)
    monkeypatch.setattr(guard_unit, "tell_started", told)
    monkeypatch.setattr(guard.time, "sleep", lambda seconds: None)
    guard.watch(guest.run_path)
    assert seen[0] == DHCP and guest.path.read_bytes() == STATIC and guest.log.read_bytes() == STATIC


def test_a_file_that_someone_else_changed_is_theirs_and_takes_effect(guest):
    guest.change(0.1)
    guest.path.write_bytes(b"theirs\n")
    first_watcher(guest)
    assert guest.path.read_bytes() == b"theirs\n" and guest.log.read_bytes() == b"theirs\n" * 2
    assert guest.litter() == []
    with pytest.raises(ChangeError, match="the old configuration is not back: .*changed since by someone else"):
        guest.confirm()


# ---- killed at every step ------------------------------------------------------------------------

STEPS = ("open", "mkdir", "rename", "unlink", "symlink", "rmdir", "fsync", "fchmod", "ftruncate", "pwrite")


def _die_at(point):
    calls = iter(range(100000))
    for name in STEPS:
        real = getattr(os, name)

        def call(*args, _real=real, **kwargs):
            if next(calls) == point:
                os.kill(os.getpid(), signal.SIGKILL)
            return _real(*args, **kwargs)

        setattr(os, name, call)


def kill_at_every_step(folder, prepare, work, judge):
    """Run `work` on fresh guests, killed at its first, second ... call that reaches the disk, until it gets through."""
    for point in range(1000):
        guest = Guest(folder / str(point))
        guard_unit.DIRECTORY = str(guest.units)
        (folder / "bin" / "systemctl").write_text(SYSTEMCTL.format(folder=guest.folder))
        prepare(guest)
        status = forked(lambda point=point, guest=guest: (_die_at(point), work(guest)))
        judge(guest)
        if not os.WIFSIGNALED(status):
            assert os.WEXITSTATUS(status) == 0
            return point
    pytest.fail("it never came to its end")


def is_enabled(guest):
    return bool(os.listdir(guest.units / "sysinit.target.wants")) and any(guest.units.glob("*.service"))


def after_a_reboot(guest):
    guest.boot("inactive")
    if is_enabled(guest):
        guard.watch(guest.run_path)


def goes_on(guest):
    """What systemd does with a unit whose process was killed."""
    guest.log.write_bytes(guest.log.read_bytes() + b"killed\n")
    guard.watch(guest.run_path)


def test_the_module_killed_at_every_step(guest):
    def judge(guest):
        enabled = is_enabled(guest)
        after_a_reboot(guest)
        assert guest.path.read_bytes() == STATIC
        assert not is_enabled(guest)
        if enabled:
            assert guest.litter() == []

    points = kill_at_every_step(guest.folder, lambda guest: None, lambda guest: guest.change(), judge)
    assert points > 50


@pytest.mark.parametrize("afterwards", [after_a_reboot, goes_on])
def test_the_watcher_killed_at_every_step(guest, afterwards):
    def judge(guest):
        if guard.state(guest.run_path) == guard.REVERTED:
            assert guest.log.read_bytes().endswith(STATIC)
        begun = guard.note(guest.run_path, guard.BEGUN) is not None
        afterwards(guest)
        assert guest.path.read_bytes() == STATIC
        assert guard.state(guest.run_path) == guard.REVERTED and not is_enabled(guest)
        assert set(guest.litter()) <= {guard_unit.name_of("net")}  # not enabled any more
        if afterwards is goes_on and begun:
            assert guest.log.read_bytes().replace(b"killed\n", b"").endswith(STATIC)

    points = kill_at_every_step(guest.folder, lambda guest: guest.change(0.05), first_watcher, judge)
    assert points > 30


def test_the_boot_killed_at_every_step(guest):
    def prepare(guest):
        guest.change()
        guest.boot("inactive")

    def judge(guest):
        after_a_reboot(guest)
        assert guest.path.read_bytes() == STATIC
        assert guard.state(guest.run_path) == guard.REVERTED and not is_enabled(guest)

    assert kill_at_every_step(guest.folder, prepare, lambda guest: guard.watch(guest.run_path), judge) > 20


@pytest.mark.parametrize("afterwards", [after_a_reboot, goes_on])
def test_the_confirmation_killed_at_every_step(guest, monkeypatch, afterwards):
    monkeypatch.setattr(guard, "GONE_SECONDS", 0)  # there is no watcher
    outcomes = set()

    def prepare(guest):
        guest.change()
        guard._note(guest.run_path, guard.BEGUN, "")
        guard._note(guest.run_path, guard.APPLIED, "")

    def judge(guest):
        afterwards(guest)
        state = guard.state(guest.run_path)
        outcomes.add(state)
        assert guest.path.read_bytes() == {guard.CONFIRMED: DHCP, guard.REVERTED: STATIC}[state]
        assert not is_enabled(guest)

    kill_at_every_step(guest.folder, prepare, lambda guest: guest.confirm(), judge)
    assert outcomes == {guard.CONFIRMED, guard.REVERTED}


def test_the_watcher_killed_at_every_step_after_the_confirmation(guest):
    def prepare(guest):
        guest.change()
        guard.decide(guest.run_path, guard.CONFIRMED)

    def judge(guest):
        after_a_reboot(guest)
        assert guest.path.read_bytes() == DHCP and guest.log.read_bytes() == b"" and not is_enabled(guest)

    kill_at_every_step(guest.folder, prepare, first_watcher, judge)


# ---- the process and its unit --------------------------------------------------------------------


def test_the_copy_needs_nothing_else(guest, monkeypatch):
    """The watcher as it really starts: by the journal's copy alone, by a shell where there is no systemd."""
    monkeypatch.setattr(Systemd, "is_running", staticmethod(lambda: False))
    guest.change(1000)
    archive = os.path.join(guest.run_path, "guard.pyz")
    with zipfile.ZipFile(io.BytesIO(pathlib.Path(archive).read_bytes())) as packed:
        assert packed.testzip() is None
    wait_for(lambda: guard.note(guest.run_path, guard.APPLIED) is not None)
    assert guest.log.read_bytes() == DHCP
    (watcher,) = processes_of(archive, "-I")
    os.kill(watcher, signal.SIGTERM)
    wait_for(lambda: guard.state(guest.run_path) == guard.REVERTED)
    assert guest.path.read_bytes() == STATIC and guest.log.read_bytes() == DHCP + STATIC
    wait_for(lambda: not processes_of(archive))


def processes_of(*words):
    """Processes, no shells, whose command line has all the words."""
    found = []
    for pid in os.listdir("/proc"):
        try:
            line = pathlib.Path("/proc", pid, "cmdline").read_text().split("\0") if pid.isdigit() else []
        except OSError:
            continue
        if set(words) <= set(line) and line[0] != "sh":
            found.append(int(pid))
    return found


def test_the_unit_is_one_that_systemd_understands(guest):
    """Checked by systemd itself where the machine has its tool."""
    guest.change()
    (unit,) = guest.units.glob("vmbackup-guard-*.service")
    text = unit.read_text()
    assert f'ExecStart="{sys.executable}" "-I" "{guest.run_path}/guard.pyz" "{guest.run_path}"' in text
    assert os.readlink(guest.units / "sysinit.target.wants" / unit.name) == str(unit)
    try:
        verified = subprocess.run(
            ["systemd-analyze", "verify", unit], capture_output=True, text=True, timeout=300, check=False
        )
    except FileNotFoundError:
        pytest.skip("no systemd-analyze on this machine")
    assert verified.returncode == 0 and unit.name not in verified.stderr, verified.stderr


def test_an_older_systemd_finds_the_limit_where_it_looks(guest):
    tool = guest.folder / "bin" / "systemctl"
    tool.write_text(tool.read_text().replace("252", "219"))
    guest.change()
    text = next(guest.units.glob("vmbackup-guard-*.service")).read_text()
    assert "StartLimitIntervalSec" not in text and "[Service]" in text.partition("StartLimitInterval=0")[0]


def test_words_of_a_unit_are_taken_literally():
    assert systemd._quoted('/a b/%n/$HOME/"c"\\') == '"/a b/%%n/$$HOME/\\"c\\"\\\\"'


@pytest.mark.parametrize("abstract", [True, False])
def test_systemd_is_told_once(guest, monkeypatch, abstract):
    address = f"{guest.folder}/notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind("\0" + address if abstract else address)
        monkeypatch.setenv("NOTIFY_SOCKET", "@" + address if abstract else address)
        guard_unit.tell_started()
        assert manager.recv(100) == b"READY=1" and "NOTIFY_SOCKET" not in os.environ
        guard_unit.tell_started()
        manager.setblocking(False)
        with pytest.raises(BlockingIOError):
            manager.recv(100)
