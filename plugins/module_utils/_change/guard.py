# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Dead-man switch: a configuration that cut the host off comes back by itself, unless it is confirmed in time.

A watcher outlives the connection that started it. It makes the new configuration take effect, waits,
and undoes the run in the journal when nobody has confirmed. Whoever writes the decision first wins.
"""

import importlib.util
import json
import os
import subprocess
import sys
import time

from . import atomic, commands, lock, restore
from .errors import ChangeError, cannot
from .journal import Journal

ROOM = __name__.rpartition("._change.")[0]
# All that the undo of a run needs; the module's own payload is gone by then.
SOURCES = {
    "_change": (
        "__init__",
        "agent",
        "atomic",
        "commands",
        "errors",
        "guard",
        "journal",
        "lock",
        "masking",
        "moving",
        "records",
        "restore",
        "scripts",
        "steps",
        "systemd",
    ),
    "_guest": (
        "__init__",
        "agent",
        "host",
        "init_scripts",
        "processes",
    ),
}
# Long enough for the module to return its result before the connection may go.
DELAY_SECONDS = 3
# A module that was killed between arming and its last file never says that it is ready.
READY_SECONDS = 60
POLL_SECONDS = 0.5
CONFIRMED, REVERTED = "confirmed", "reverted"
READY, APPLIED, DECISION, DONE = "guard-ready", "guard-applied", "guard-decision", "guard-done"


def arm(run, apply, seconds):
    """Start the watcher for a run: it runs the commands `apply` and reverts after `seconds` without confirmation."""
    if note(run.path, "guard.json") is not None:
        raise cannot("use the run", run.run_id, "it changed an interface already; take another run_id")
    folder = os.path.join(run.path, "guard")
    _store_sources(folder)
    facts = {"run_id": run.run_id, "apply": apply, "seconds": seconds}
    state = atomic.FileState(json.dumps(facts).encode(), 0o600, os.geteuid(), os.getegid())
    atomic.replace(os.path.join(run.path, "guard.json"), state)
    argv = [sys.executable, "-c", "import room._change.guard as g, sys; g.watch(sys.argv[1])", run.path]
    _start(argv, folder, run.run_id)


def _store_sources(folder):
    for package, names in SOURCES.items():
        directory = os.path.join(folder, "room", package)
        atomic.make_directories(directory, 0o700)
        for name in names:
            full = ".".join([ROOM, package] + [name] * (name != "__init__"))
            source = importlib.util.find_spec(full).loader.get_source(full)  # type: ignore[union-attr]
            path = os.path.join(directory, name + ".py")
            atomic.replace(path, atomic.FileState(source.encode(), 0o600, os.geteuid(), os.getegid()))


def _start(argv, folder, run_id):
    unit = "vmbackup-guard-" + "".join(c if c.isalnum() else "-" for c in run_id)
    result = commands.run(
        [
            "systemd-run",
            "--quiet",
            "--collect",
            "--unit",
            unit,
            "--property",
            "WorkingDirectory=" + folder,
            "--setenv",
            "PYTHONPATH=" + folder,
            "--setenv",
            "PYTHONDONTWRITEBYTECODE=1",
        ]
        + argv
    )
    if result.rc == 0:
        return
    if result.rc != commands.NOT_FOUND and os.path.isdir("/run/systemd/system"):
        raise cannot("start", "the dead-man switch", result.err.strip() or "systemd-run failed")
    environment = dict(os.environ, PYTHONPATH=folder, PYTHONDONTWRITEBYTECODE="1")
    subprocess.Popen(
        argv,
        cwd=folder,
        env=environment,
        start_new_session=True,
        close_fds=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def watch(run_path):
    """Be the watcher: take effect, wait, decide. Runs in a process of its own, from the journal's copy."""
    facts = json.loads(atomic.read(os.path.join(run_path, "guard.json")).data.decode())
    if _wait(lambda: note(run_path, READY) is not None, READY_SECONDS):
        time.sleep(DELAY_SECONDS)
        failure = _take_effect(facts["apply"])
        _note(run_path, APPLIED, failure)
        if not failure and _wait(lambda: decision(run_path), facts["seconds"]):
            return
    if decide(run_path, REVERTED) == REVERTED:
        _revert(run_path)


def _take_effect(apply):
    for argv in apply:
        result = commands.run(argv, timeout=60)
        if result.rc != 0:
            return "'{}' failed: {}".format(" ".join(argv), " ".join((result.err or result.out).split()))
    return ""


def _wait(happened, seconds):
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() >= deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def ready(run):
    """Tell the watcher that all files are in place."""
    _note(run.path, READY, "")


def _revert(run_path):
    try:
        journal = Journal(os.path.dirname(run_path))
        with lock.writer(journal.directory, "dead-man switch"):
            restore.undo_module(journal.find(os.path.basename(run_path)), "guest_dhcp")
        _note(run_path, DONE, "")
    except ChangeError as error:
        _note(run_path, DONE, str(error))
        raise


def decide(run_path, word):
    """Write the decision unless there is one, and return the one that holds."""
    path = os.path.join(run_path, DECISION)
    temporary = path + "." + word
    _note(run_path, DECISION + "." + word, word)
    try:
        os.link(temporary, path)  # fails when the other side was first
    except FileExistsError:
        pass
    finally:
        os.unlink(temporary)
    atomic.sync_directory(run_path)
    return decision(run_path)


def decision(run_path):
    """Return the decision, None while there is none."""
    return note(run_path, DECISION)


def note(run_path, name):
    """Return the text of one of the watcher's notes, None if it has not written it."""
    state = atomic.read(os.path.join(run_path, name))
    return state.data.decode() if state else None


def _note(run_path, name, text):
    state = atomic.FileState(text.encode(), 0o600, os.geteuid(), os.getegid())
    atomic.replace(os.path.join(run_path, name), state)


def wait_applied(run_path, seconds):
    """Wait for the new configuration to take effect; False when it has not after `seconds`."""
    return _wait(lambda: note(run_path, APPLIED) is not None or decision(run_path), seconds)
