# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Dead-man switch: a configuration that cut the host off comes back by itself, unless it is confirmed in time.

A watcher outlives the connection that started it. It makes the new configuration take effect, waits, and undoes the run
when no one has confirmed. A watcher that had to be started anew, after a kill or a reboot, does not wait.

The name of one file says how it stands, and a rename decides: the first one holds, and a full disk cannot stop it.

    guard-armed -> guard-confirmed
                -> guard-reverting -> guard-reverted  the old configuration is back
                                   -> guard-left      its files were changed by someone else since, and are theirs
"""

import contextlib
import json
import os
import subprocess
import sys
import time

from .._guest import mount_table, trial
from .._guest.host import Host
from . import answer, atomic, commands, guard_unit, lock, packed, restore
from .errors import ChangeError, cannot
from .interfaces import addresses_of
from .journal import Run
from .systemd import Systemd

MODULE = "guest_dhcp"
# Without systemd a shell starts it anew.
_AGAIN = 'while ! "$@" && test -e "$3"; do sleep 5; done'

# Long enough for the module to return its result before the connection may go.
DELAY_SECONDS = 3
# A module that was killed between arming and its last file never says that it is ready.
READY_SECONDS = 60
# Whoever holds the lock longer than this changes a host that no one can reach.
LOCK_SECONDS = 120
START_SECONDS = 30
GONE_SECONDS = 15
POLL_SECONDS = 0.5
LONGEST_PAUSE = 60

ARMED, CONFIRMED, REVERTING, REVERTED, LEFT = STATES = (
    trial.ARMED,
    "guard-confirmed",
    trial.REVERTING,
    "guard-reverted",
    "guard-left",
)
FACTS, STARTED, READY, BEGUN, APPLIED = "guard.json", "guard-started", "guard-ready", "guard-begun", "guard-applied"
# Why the old configuration comes back, and why it is not back yet.
REASON, TROUBLE = "guard-reason", "guard-trouble"


def check():
    """Raise ChangeError for what would keep the watcher from starting and can be told without writing."""
    if Systemd.is_running():
        guard_unit.check()


def check_places(journal, files, host=None):
    """Raise ChangeError where the change itself may take away from the watcher what it needs."""
    host = host or Host()
    mounts, _where = mount_table.read(host)
    for what, path in [("journal", journal)] + [("file", path) for path in files]:
        mount = mount_table.covering(mounts, host.resolved(path))
        if mount and (mount.network or mount_table.on_remote_disk(host, mount)):
            kind = "network file system" if mount.network else "disk behind the network"
            reason = "the {} '{}' is on a {} ({} of '{}'), which the change may cut off; use a local one"
            place = reason.format(what, path, kind, mount.fstype, mount.source)
            raise cannot("start", "the dead-man switch", place)


def arm(run, facts):
    """Start the watcher of a run, and return when it runs.

    `facts`: `interface` with its `addresses`, commands that `apply` its files, commands `at_boot` that prepare restored
    files for a network that is not up yet, and the `seconds` in which the change must be confirmed.
    """
    if note(run.path, FACTS) is not None or guard_unit.is_there(run.run_id):
        raise cannot("use the run", run.run_id, "it changed an interface already; use another run_id")
    program = os.path.join(run.path, "guard.pyz")
    _write(program, packed.program(watch))
    _note(run.path, FACTS, json.dumps(facts))
    _note(run.path, ARMED, "")
    argv = [sys.executable, "-I", program, run.path]
    try:
        if Systemd.is_running():
            guard_unit.start(run.run_id, argv)
        else:
            _start_detached(run.path, argv)
        # After the unit, which takes them away when we are killed.
        for entry in _files(run):
            before = run.before(entry)
            if before is not None:
                atomic.replace(_spare(run, entry["path"]), before)
    except (ChangeError, OSError):
        # Nothing was changed yet.
        decide(run.path, REVERTED)
        guard_unit.stop(run.run_id)
        _disarm(run)
        raise


def _start_detached(run_path, argv):
    # It outlives the module, which run_command would wait for.
    subprocess.Popen(  # pylint: disable=ansible-bad-function
        ["sh", "-c", _AGAIN, "vmbackup-guard"] + argv,
        cwd="/",
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    if not _wait(lambda: note(run_path, STARTED) is not None, START_SECONDS):
        raise cannot("start", "the dead-man switch", "it does not answer")


def watch(run_path):
    """Be the watcher. Runs in a process of its own, from the journal's copy of the code."""
    run = Run(run_path)
    restarted = note(run_path, STARTED) is not None
    if not restarted:
        _note(run_path, STARTED, "")
    at_boot = restarted and Systemd.is_running() and guard_unit.is_before_network()
    if not at_boot:
        guard_unit.tell_started()
    facts = json.loads(note(run_path, FACTS) or "{}")
    if state(run_path) == ARMED:
        reason = "the host was rebooted, or the watcher was killed" if restarted else _await(run_path, facts)
        if state(run_path) == ARMED:
            _jot(run_path, REASON, reason)
            _insist(run_path, lambda: decide(run_path, REVERTING))
    if state(run_path) == REVERTING:
        _revert(run, facts, restarted)
    guard_unit.tell_started()
    _insist(run_path, lambda: _disarm(run))


def _await(run_path, facts):
    """Make the change take effect and wait until it is confirmed; returns why it is to be taken back otherwise."""
    if not _wait(lambda: note(run_path, READY) is not None or state(run_path) != ARMED, READY_SECONDS):
        return "the change did not come to its end"
    if state(run_path) != ARMED:
        return ""
    time.sleep(DELAY_SECONDS)
    try:
        _note(run_path, BEGUN, "")
        commands.run_all(facts["apply"])
        _note(run_path, APPLIED, "")
    except ChangeError as error:
        return str(error)
    _wait(lambda: state(run_path) != ARMED, facts["seconds"])
    return "it was not confirmed in time"


def _revert(run, facts, restarted):
    try:
        _insist(run.path, lambda: _undo(run, facts, restarted))
        outcome = REVERTED
    except ChangeError as error:
        # Someone else changed the files since. They stay, and what they say now takes effect.
        _jot(run.path, TROUBLE, str(error))
        guard_unit.tell_started()
        with contextlib.suppress(ChangeError):
            commands.run_all(facts["apply"])
        outcome = LEFT
    _insist(run.path, lambda: _move(run.path, REVERTING, outcome))


def _undo(run, facts, restarted):
    """Bring the old configuration back; returns when it is known to have worked."""
    if run.undone:
        return
    begun = note(run.path, BEGUN) is not None
    with contextlib.ExitStack() as held:
        try:
            held.enter_context(lock.writer(os.path.dirname(run.path), "dead-man switch", LOCK_SECONDS))
        except ChangeError:
            # Before the change took effect the lock may be that of the module that makes it, and no one is cut off.
            if not begun:
                raise
        planned = restore.plan_module(run, MODULE)
        files = [action for action in planned if isinstance(action, restore.FileBack) and action.needed]
        for action in files:
            _put_back(run, action)
        for entry in _files(run):
            atomic.clean_leftovers(entry["path"])
        if restarted and Systemd.is_running() and guard_unit.is_before_network():
            restore.undo_module(run, MODULE, effects=False)
            commands.run_all(facts["at_boot"])
            return
        try:
            restore.undo_module(run, MODULE, effects=begun or bool(files))
        except ChangeError:
            # A hook that fails says nothing of the address.
            if not facts["addresses"] or set(facts["addresses"]) - set(addresses_of(facts["interface"])):
                raise


def _put_back(run, action):
    """Rename the old file into its place, which takes no space. Where that cannot be, the undo writes it."""
    spare = _spare(run, action.path)
    kept = atomic.read(spare)
    if kept and action.target and kept.digest == action.target.digest:
        os.rename(spare, action.path)
        atomic.sync_directory(os.path.dirname(spare))


def _insist(run_path, act):
    """Do what must be done, however often it fails; only that someone else changed the files ends it."""
    pause = 1
    while True:
        try:
            return act()
        except Exception as error:  # pylint: disable=broad-except
            if getattr(error, "facts", {}).get("conflicts"):
                raise
            _jot(run_path, TROUBLE, str(error))
        guard_unit.tell_started()
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


def _disarm(run):
    for entry in _files(run):
        spare = _spare(run, entry["path"])
        atomic.clean_leftovers(spare)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(spare)
    guard_unit.remove(run.run_id)


def _files(run):
    entries, _faults = run.read()
    return [entry for entry in entries if entry["kind"] == "file" and entry["module"] == MODULE]


def _spare(run, path):
    # Hidden, and with a tilde at its end: whoever reads the whole folder leaves it alone.
    return os.path.join(os.path.dirname(path), ".vmbackup~{}~{}~".format(run.run_id, os.path.basename(path)))


def ready(run):
    """Tell the watcher that all files are in place."""
    _note(run.path, READY, "")


def confirm(run):
    """Keep the new configuration unless it is too late; returns the state."""
    found = decide(run.path, CONFIRMED)
    if found == CONFIRMED and not _wait(lambda: _is_over(run.run_id), GONE_SECONDS):
        # There is no watcher that would do it.
        _disarm(run)
    return found


def decide(run_path, word):
    """Make the decision unless there is one, and return the state."""
    _move(run_path, ARMED, word)
    return state(run_path)


def _move(run_path, old, new):
    # Whoever comes second finds no file of the old name.
    with contextlib.suppress(FileNotFoundError):
        os.rename(os.path.join(run_path, old), os.path.join(run_path, new))
    atomic.sync_directory(run_path)


def state(run_path):
    """Return how a run's switch stands, None when it has none."""
    # In their order: one that moves on meanwhile is met at its next name.
    return next((name for name in STATES if os.path.exists(os.path.join(run_path, name))), None)


def note(run_path, name):
    """Return the text of one of the switch's notes, None when it was not written."""
    found = atomic.read(os.path.join(run_path, name))
    return found.data.decode() if found else None


def wait_applied(run_path, seconds):
    """Wait for the new configuration to take effect; False when it has not after `seconds`."""
    return _wait(lambda: note(run_path, APPLIED) is not None or state(run_path) != ARMED, seconds)


def wait_reverted(run, seconds):
    """Wait for the old configuration to be back and the watcher to be gone; returns the state."""
    _wait(lambda: state(run.path) != REVERTING and _is_over(run.run_id), seconds)
    return state(run.path)


def _is_over(run_id):
    """Whether watcher and unit are gone: a reload between the two would let systemd end the DHCP client as well."""
    return not guard_unit.is_there(run_id) and not guard_unit.runs(run_id)


def _wait(happened, seconds):
    deadline = time.monotonic() + seconds
    while not happened():
        answer.goes_on()
        if time.monotonic() >= deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def _jot(run_path, name, text):
    """Write a note that is good to have; a full disk must not stop what it is about."""
    with contextlib.suppress(ChangeError, OSError):
        _note(run_path, name, text)


def _note(run_path, name, text):
    _write(os.path.join(run_path, name), text.encode())


def _write(path, data):
    atomic.replace(path, atomic.FileState(data, 0o600, os.geteuid(), os.getegid()))
