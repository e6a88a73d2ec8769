# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Undo of one run: all of it is checked first, then brought back in reverse order."""

import os
import shutil

from .._guest import processes
from .._guest.host import Host
from .._guest.masking import mask
from . import atomic, commands, lock, moving
from .agent import Agent
from .errors import cannot
from .journal import Journal
from .pause import Interrupted, paused
from .scripts import ScriptService
from .steps import FileStep
from .systemd import DROPIN_DIRECTORY, Systemd, restore_verbs

OPTIONS = {
    "run_id": {"type": "str", "required": True},
}

# Modules and a file that the agent looks at only when it starts.
READ_AT_START = ("waagent_conf", "agent_version", "environment_proxy", "disable_agent")


def work(params, context):
    """Return the module's result: the run's things as they were before it."""
    journal = context.journal
    run = journal.find(params["run_id"])
    actions = plan(run)
    if not context.check and (not run.undone or any(action.needed or action.litters for action in actions)):
        with lock.writer(journal.directory, context.module):
            journal.clean()
            run = journal.find(params["run_id"])
            actions = plan(run)
            _apply(actions)
            run.mark_undone()
    return _result(run, actions)


def plan(run):
    """Return what undoing the run takes; raises ChangeError when a file changed since, or an entry is damaged."""
    return _plan(run, run.entries())


def _plan(run, entries):
    files = {}
    actions: list = []
    for entry in reversed(entries):
        if entry["kind"] == "file":
            # Several entries of one file end as one write, in the place of the newest.
            action = files.get(entry["path"])
            if action is None:
                action = files[entry["path"]] = FileBack(entry["path"])
                actions.append(action)
            action.add(entry)
        elif entry["kind"] in ACTIONS:
            actions.append(ACTIONS[entry["kind"]](run, entry))
        elif entry["kind"] != "reload":
            raise cannot("undo", run.run_id, "an entry of kind '{}' is of a newer version".format(entry["kind"]))
    for action in files.values():
        action.resolve(run)
    changed = [action.path for action in files.values() if action.conflict]
    if changed:
        names = ", ".join(sorted(changed))
        raise cannot("undo", run.run_id, "changed since by somebody else: " + names, conflicts=sorted(changed))
    restores = any(action.needed for action in files.values())
    for action in actions:
        if isinstance(action, CommandsBack):
            action.needed = restores
    return actions


def plan_module(run, module):
    """Return what undoing one module's part of a run takes, as far as its entries can be read."""
    entries, _faults = run.read()
    return _plan(run, [entry for entry in entries if entry["module"] == module])


def undo_module(run, module, effects):
    """Undo what one module did in a run; `effects` tells whether commands that make restored files count run, too."""
    actions = plan_module(run, module)
    for action in actions:
        if isinstance(action, CommandsBack):
            action.needed = effects
    _apply(actions)


def _apply(actions):
    for action in actions:
        action.clean()
        if action.needed:
            action.apply()
            if isinstance(action, FileBack) and action.path.startswith(DROPIN_DIRECTORY + "/"):
                Systemd().reload()


def _result(run, actions):
    needed = [action for action in actions if action.needed]
    return mask(
        {
            "changed": bool(needed),
            "run_id": run.run_id,
            "journal": run.path,
            "restored": [action.describe() for action in needed],
            "diff": [action.diff() for action in needed],
            # The agent reads its file, and systemd its drop-ins, only when the agent starts.
            "restart_required": any(action.is_read_at_start for action in needed) and bool(processes.daemons(Host())),
            # Its entries are whole, and undo needs no more.
            "warnings": [str(run.fault)] if run.fault else [],
        }
    )


class FileBack:
    """Bring one file back to the bytes, mode, owner and attributes that it had before the run."""

    def __init__(self, path):
        self.path = path
        self.conflict = False
        self._entries = []
        self._now = atomic.read(path)
        self.target = self._now
        self._directories = []
        self.needed = False
        self.is_read_at_start = False

    def add(self, entry):
        """Take in one more entry of the file, newest first."""
        self._entries.append(entry)

    def resolve(self, run):
        """Find out how far back the file can go; its bytes must be some that the run left or found."""
        reached = self._now.digest if self._now else None
        # Newer entries whose bytes are not there were undone, or their run was killed before the change.
        start = next((n for n, entry in enumerate(self._entries) if entry["after"]["sha256"] == reached), None)
        if start is None:
            self.conflict = reached not in [entry["before"]["sha256"] for entry in self._entries]
            return
        for entry in self._entries[start:]:
            if entry["after"]["sha256"] != reached and entry["before"]["sha256"] == reached:
                continue  # undone already, and the run used anew
            if entry["after"]["sha256"] != reached:
                self.conflict = True  # somebody else's change lies between two of the run
                return
            reached = entry["before"]["sha256"]
            self._directories = entry["directories"]
            names = (entry["module"], os.path.basename(self.path))
            self.is_read_at_start = self.is_read_at_start or any(name in READ_AT_START for name in names)
            self.target = run.before(entry)
        self.needed = reached != (self._now.digest if self._now else None)

    def describe(self):
        return self.path

    def diff(self):
        step = FileStep(self.path, self.target.data if self.target else None)
        return step.diff()

    @property
    def litters(self):
        return bool(atomic.leftovers(self.path))

    def clean(self):
        atomic.clean_leftovers(self.path)

    def apply(self):
        atomic.replace(self.path, self.target)
        for directory in reversed(self._directories):
            try:
                os.rmdir(directory)
            except OSError:
                break  # somebody else keeps something there


class Action:
    """What the other kinds have in common."""

    needed = False
    is_read_at_start = False

    @property
    def litters(self):
        """Whether a killed run left something that `clean` removes."""
        return False

    def clean(self):
        """Most leave nothing."""


class UnitBack(Action):
    """Bring a unit back to active or not, enabled or not, masked or not."""

    def __init__(self, _run, entry):
        self._systemd = Systemd()
        self._unit = entry["unit"]
        self._before = entry["before"]
        self._now = self._systemd.state(self._unit)
        self._verbs = restore_verbs(self._before, self._now)
        self.needed = bool(self._verbs)

    def describe(self):
        return "{}: {}".format(self._unit, ", ".join(self._verbs))

    def diff(self):
        return _state_diff(self._unit, self._now, self._before)

    def apply(self):
        for verb in restore_verbs(self._before, self._systemd.state(self._unit)):
            self._systemd.do(verb, self._unit)


class ScriptBack(Action):
    """The same for an agent that a script starts."""

    def __init__(self, _run, entry):
        self._service = ScriptService(entry["service"])
        self._before = entry["before"]
        self._now = self._service.state()
        self._verbs = []
        if self._now["active"] and not self._before["active"]:
            self._verbs.append("stop")
        if self._now["enabled"] and not self._before["enabled"]:
            self._verbs.append("disable")
        self.needed = bool(self._verbs)

    def describe(self):
        return "{}: {}".format(self._service.name, ", ".join(self._verbs))

    def diff(self):
        return _state_diff(self._service.name, self._now, self._before)

    def apply(self):
        for verb in self._verbs:
            self._service.do(verb)


class MovedBack(Action):
    """Put directories back that were moved into the journal; what came in their place changes places with them."""

    def __init__(self, run, entry):
        self._agent = Agent(entry["unit"])
        self._killed = Interrupted(run, entry)
        self._items = [(path, aside) for path, aside in self._killed.items if os.path.lexists(aside)]
        self._starts = self._killed.owes_start and not self._agent.is_active()
        self.needed = bool(self._items) or self._starts

    def describe(self):
        return ", ".join(path for path, _aside in self._items) or "{}: start".format(self._agent.name)

    def diff(self):
        names = "".join(path + "\n" for path, _aside in self._items)
        return {"before_header": "moved aside", "after_header": "moved back", "before": "", "after": names}

    def apply(self):
        with paused(self._agent, self._killed.mark, self._starts):
            for path, aside in self._items:
                if os.path.lexists(path):
                    replaced = aside + ".replaced"
                    shutil.rmtree(replaced, ignore_errors=True)
                    moving.move(path, replaced)
                moving.move(aside, path)
        self._killed.settle()

    @property
    def litters(self):
        return not self.needed and self._killed.litters

    def clean(self):
        if not self.needed:
            self._killed.settle()


class CommandsBack(Action):
    """Run the commands that make a restored configuration take effect, the network's for example."""

    # Only together with a file that they are about: `plan` knows whether there is one.
    needed = False

    def __init__(self, _run, entry):
        self._commands = entry["undo"]

    def describe(self):
        return "; ".join(" ".join(argv) for argv in self._commands)

    def diff(self):
        return {"before_header": "commands", "after_header": "commands", "before": "", "after": self.describe() + "\n"}

    def apply(self):
        commands.run_all(self._commands)


ACTIONS = {"unit": UnitBack, "script": ScriptBack, "moved": MovedBack, "commands": CommandsBack}
NAMED_BY = {"file": "path", "unit": "unit", "script": "service", "commands": "interface"}


def _state_diff(name, now, before):
    keys = ("active_state", "unit_file_state", "masked")
    texts = ["".join("{}: {}\n".format(k, str(s.get(k, "")).lower()) for k in keys) for s in (now, before)]
    return {"before_header": name, "after_header": name, "before": texts[0], "after": texts[1]}


def list_runs(params, _context):
    """Return the journal's runs, newest first, without any file's content."""
    runs = Journal(params["journal_dir"]).runs()
    wanted = [run for run in runs if params["run_id"] in (None, "", run.run_id)]
    return mask({"changed": False, "runs": [_describe(run) for run in wanted]})


def _describe(run):
    entries, faults = run.read()
    faults = ([run.fault] if run.fault else []) + faults
    return {
        "run_id": run.run_id,
        "created": run.created,
        "undone": run.undone,
        "damaged": str(faults[0]) if faults else None,
        "modules": sorted({entry["module"] for entry in entries}),
        "touched": [_touched(entry) for entry in entries if entry["kind"] != "reload"],
    }


def _touched(entry):
    if entry["kind"] == "moved":
        names = [item["path"] for item in entry["items"]]
    else:
        names = [entry[NAMED_BY[entry["kind"]]]] if entry["kind"] in NAMED_BY else []
    return {"kind": entry["kind"], "names": names}
