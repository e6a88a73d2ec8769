# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""What undo does for each kind of entry.

`needed` tells whether there is something to do, `losses` in sentences what it will not, or will, do beside it.
"""

import os
import shutil

from . import atomic, commands, firewalls, managers, marks, moving, routes
from .agent import Agent
from .pause import Interrupted, check_idle, paused
from .scripts import ScriptService
from .steps import difference
from .systemd import PROPERTIES, restore_verbs

# Modules and a file that the agent looks at only when it starts.
READ_AT_START = ("waagent_conf", "agent_version", "environment_proxy", "disable_agent", "verbose_logging")

# The facts of a service by which each of its properties is shown.
_SHOWN = {"active": ("active_state",), "enabled": ("unit_file_state",), "masked": ("masked", "unit_file_state")}


class Action:
    """What all kinds have in common. Until it is resolved, it asks nothing of what the run was about."""

    needed = False
    is_read_at_start = False

    def __init__(self, run, entry):
        self._run = run
        self._entry = entry
        self.losses: list = []

    def resolve(self):
        """Look at how things are, and find out whether something is to be done."""

    @property
    def litters(self):
        """Whether a killed run left something that `clean` removes."""
        return False

    def check(self):
        """Raise ChangeError for what can be told beforehand; of most, nothing can."""

    def clean(self):
        """Most leave nothing."""

    def happened(self):
        """Whether it was done after all, when it failed: mostly nobody knows how far it came."""
        return True


class FileBack(Action):
    """Bring one file back to the bytes, mode, owner and attributes that it had before the run."""

    def __init__(self, run, entry):
        super().__init__(run, entry)
        self.path = entry["path"]
        self.conflict = False
        self._entries = [entry]

    def add(self, entry):
        """Take in one more entry of the file, newest first."""
        self._entries.append(entry)

    def resolve(self):
        """Find out how far back the file can go; its bytes must be some that the run left or found."""
        self._now = self.target = atomic.read(self.path)
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
            names = (entry["module"], os.path.basename(self.path))
            self.is_read_at_start = self.is_read_at_start or any(name in READ_AT_START for name in names)
            self.target = self._run.before(entry)
        self.needed = reached != (self._now.digest if self._now else None)
        if self.needed and self._now:
            self.losses = atomic.losses(self.path)
        if self.needed and self._now and self.target:
            self._tell_dress(self._now, self.target)

    def _tell_dress(self, now, then):
        if (now.mode, now.uid, now.gid) != (then.mode, then.uid, then.gid):
            words = (
                "'{}' was given other rights since (mode {:04o}, owner {}:{}); they go back to mode {:04o}, owner {}:{}"
            )
            self.losses.append(words.format(self.path, now.mode, now.uid, now.gid, then.mode, then.uid, then.gid))

    def describe(self):
        return self.path

    def diff(self):
        now, then = (state.data if state else None for state in (self._now, self.target))
        return difference(self.path, now, then)

    @property
    def litters(self):
        return bool(atomic.leftovers(self.path)) or any(not os.listdir(path) for path in self._unused())

    def _unused(self):
        # A run that was killed may have made directories and no file.
        made = max((entry["directories"] for entry in self._entries), key=len)
        return [] if os.path.lexists(self.path) else [path for path in made if os.path.isdir(path)]

    def clean(self):
        atomic.clean_leftovers(self.path)
        if not self.needed:
            atomic.remove_directories(self._unused())

    def check(self):
        atomic.check_writable(self.path)

    def happened(self):
        now = atomic.read(self.path)
        return (now.data if now else None) == (self.target.data if self.target else None)

    def apply(self):
        atomic.check_unchanged(self.path, self._now)
        atomic.replace(self.path, self.target)
        atomic.remove_directories(self._unused())


class UnitBack(Action):
    """Bring a unit back to active or not, enabled or not, masked or not, in what the run altered."""

    def resolve(self):
        self._systemd = managers.systemd()
        self._unit = self._entry["unit"]
        self._before = self._entry["before"]
        self._altered = self._entry.get("after", PROPERTIES)
        self._now = self._systemd.state(self._unit)
        self._verbs = restore_verbs(self._before, self._now, self._altered)
        self.needed = bool(self._verbs)

    def describe(self):
        return "{}: {}".format(self._unit, ", ".join(self._verbs))

    def diff(self):
        return _state_diff(self._unit, self._now, self._before, self._altered)

    def happened(self):
        return self._systemd.state(self._unit) != self._now

    def apply(self):
        for verb in restore_verbs(self._before, self._systemd.state(self._unit), self._altered):
            self._systemd.do(verb, self._unit)


class MaskBack(UnitBack):
    """Bring a unit's mask back that was off for a restart, if the run was killed in that moment."""

    def __init__(self, run, entry):
        super().__init__(run, entry)
        self._mark = run.unmasked(entry)

    def resolve(self):
        super().resolve()
        self.needed = self.needed and os.path.exists(self._mark)

    @property
    def litters(self):
        return os.path.exists(self._mark)

    def clean(self):
        if not self.needed:
            marks.drop(self._mark)

    def apply(self):
        super().apply()
        marks.drop(self._mark)


class ScriptBack(Action):
    """The same for an agent that a script starts."""

    def resolve(self):
        self._service = ScriptService(self._entry["service"])
        self._before = self._entry["before"]
        self._altered = self._entry.get("after", PROPERTIES)
        self._now = self._service.state()
        verbs = [("active", "stop"), ("enabled", "disable")]
        self._verbs = [
            verb for name, verb in verbs if name in self._altered and self._now[name] and not self._before[name]
        ]
        self.needed = bool(self._verbs)

    def describe(self):
        return "{}: {}".format(self._service.name, ", ".join(self._verbs))

    def diff(self):
        return _state_diff(self._service.name, self._now, self._before, self._altered)

    def happened(self):
        return self._service.state() != self._now

    def apply(self):
        for verb in self._verbs:
            self._service.do(verb)


class MovedBack(Action):
    """Put directories back that were moved into the journal; what came in their place changes places with them."""

    def __init__(self, run, entry):
        super().__init__(run, entry)
        self._killed = Interrupted(run, entry)

    def resolve(self):
        self._agent = Agent(self._entry["unit"])
        self._items = [(path, aside) for path, aside in self._killed.items if os.path.lexists(aside)]
        self._now = self._state()
        self._starts = self._killed.owes_start and not self._agent.is_active()
        self.needed = bool(self._items) or self._starts

    def _state(self):
        return self._agent.is_active(), [os.path.lexists(place) for item in self._items for place in item]

    def describe(self):
        return ", ".join(path for path, _aside in self._items) or "{}: start".format(self._agent.name)

    def diff(self):
        names = "".join(path + "\n" for path, _aside in self._items)
        return {"before_header": "moved aside", "after_header": "moved back", "before": "", "after": names}

    def check(self):
        for path, _aside in self._items:
            atomic.check_writable(path)
        check_idle(path for path, _aside in self._items)

    def happened(self):
        return self._state() != self._now

    def apply(self):
        with paused(self._agent, self._killed.mark, self._starts):
            # The agent may have started a backup in the meantime.
            check_idle(path for path, _aside in self._items)
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

    def describe(self):
        return "; ".join(" ".join(argv) for argv in self._entry["undo"])

    def diff(self):
        return {"before_header": "commands", "after_header": "commands", "before": "", "after": self.describe() + "\n"}

    def apply(self):
        commands.run_all(self._entry["undo"])


class RuleBack(Action):
    """Remove a rule of a firewall that was not there, or add one that was."""

    def resolve(self):
        self._firewall = firewalls.FIREWALLS[self._entry["firewall"]]()
        self._rule, self._before = self._entry["rule"], self._entry["before"]
        self._now = self._firewall.state(self._rule)
        self.needed = self._now != self._before

    def describe(self):
        return "{}: TCP {port} from {source}".format(self._firewall.name, **self._rule)

    def diff(self):
        return firewalls.difference(self._firewall, self._rule, self._now, self._before)

    def happened(self):
        return self._firewall.state(self._rule) != self._now

    def apply(self):
        self._firewall.set(self._rule, self._before)


class RoutesBack(Action):
    """Delete routes that were not there, and add those that were; the file of the routes is undone by itself."""

    def resolve(self):
        self._way = self._entry["way"]
        self._now = routes.by(self._way)
        self._before = (self._now | set(self._entry["deleted"])) - set(self._entry["added"])
        self.needed = self._now != self._before

    def describe(self):
        count = len(self._now ^ self._before)
        return "{} route{} by {gateway} of {interface}".format(count, "" if count == 1 else "s", **self._way)

    def diff(self):
        return routes.difference(self._way, self._now, self._before)

    def happened(self):
        return routes.by(self._way) != self._now

    def apply(self):
        routes.bring(self._way, self._before)


def _state_diff(name, now, before, altered):
    back = {key: before.get(key) for part in PROPERTIES if part in altered for key in _SHOWN[part]}
    keys = ("active_state", "unit_file_state", "masked")
    texts = ["".join("{}: {}\n".format(k, str(s.get(k, "")).lower()) for k in keys) for s in (now, dict(now, **back))]
    return {"before_header": name, "after_header": name, "before": texts[0], "after": texts[1]}
