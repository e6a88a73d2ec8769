# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""systemd as far as this package needs it: a unit's state, the verbs on it, and what keeps it from starting."""

import glob
import os

from .._guest import systemd_words
from . import commands, marks
from .errors import cannot

DROPIN_DIRECTORY = "/etc/systemd/system"
# A stop waits for TimeoutStopSec, 90 s unless the unit says otherwise.
VERB_SECONDS = 120
_SHOWN = (
    "Id",
    "LoadState",
    "UnitFileState",
    "FragmentPath",
    "ActiveState",
    "SubState",
    "Result",
    "ConditionResult",
    "MainPID",
    "NRestarts",
    "ActiveEnterTimestampMonotonic",
    "ExecMainStatus",
    "ExecMainCode",
    "Restart",
    "RestartUSec",
    "Environment",
    "EnvironmentFiles",
    "UnsetEnvironment",
    "DropInPaths",
    "NeedDaemonReload",
)
_RUNNING = ("active", "reloading")
PROPERTIES = ("active", "enabled", "masked")
"""What a change may alter of a service, and undo brings back."""


class Systemd:
    """The running systemd; `run` is the command runner, replaced in tests."""

    can_start = True

    def __init__(self, run=commands.run):
        self._run = run

    @staticmethod
    def is_running():
        """Tell whether systemd is the host's init."""
        return os.path.isdir("/run/systemd/system")

    def version(self):
        """Return systemd's version as a number, 0 when it does not say."""
        words = self._run(["systemctl", "--version"]).out.split()
        return int(words[1]) if len(words) > 1 and words[1].isdigit() else 0

    def show(self, unit):
        """Return a unit's properties as text, by name; raises ChangeError when systemd does not answer."""
        result = self._run(["systemctl", "show", "--no-pager", "-p", ",".join(_SHOWN), unit])
        if result.rc != 0:
            raise cannot("look at", unit, result.err.strip() or "systemctl failed")
        shown = {}
        for line in result.out.split("\n"):
            name, mark, value = line.partition("=")
            if mark:
                # EnvironmentFiles has a line for each file.
                shown[name] = shown[name] + "\n" + value if name in shown else value
        return shown

    def environment(self):
        """Return the variables that the manager hands to every service."""
        out = self._run(["systemctl", "show-environment", "--no-pager"]).out
        pairs = [line.partition("=") for line in out.split("\n")]
        return {name: systemd_words.bare(value) for name, mark, value in pairs if mark}

    def find(self, names):
        """Return the first of the units that exists, masked ones included, by the name it really has."""
        for name in names:
            shown = self.show(name)
            if shown.get("LoadState") in ("loaded", "masked"):
                return shown.get("Id") or name
        raise cannot("find", names[0], "this host has no such unit; install the agent's package")

    def do(self, verb, unit=None):
        """Run one verb; raises ChangeError with systemd's own words when it fails."""
        argv = ["systemctl", "--no-ask-password"] + verb.split() + ([unit] if unit else [])
        result = self._run(argv, timeout=VERB_SECONDS)
        if result.rc != 0:
            words = " ".join((result.err or result.out).split())
            raise cannot(verb, unit or "systemd", words or "systemctl returned {}".format(result.rc))

    def reload(self):
        self.do("daemon-reload")

    def state(self, unit):
        """Return the PROPERTIES of a unit, and what they are told from."""
        shown = self.show(unit)
        file_state = shown.get("UnitFileState", "")
        return {
            "active": shown.get("ActiveState") in _RUNNING,
            "active_state": shown.get("ActiveState", "unknown"),
            # enabled-runtime is gone after the next boot: not enabled.
            "enabled": file_state in ("enabled", "static", "alias", "generated", "indirect"),
            "unit_file_state": file_state,
            "masked": shown.get("LoadState") == "masked",
            # What enabling made: under a mask systemd does not tell it.
            "links": sorted(glob.glob(os.path.join(DROPIN_DIRECTORY, "*.wants", unit))),
        }

    def false_conditions(self, unit):
        """Return the unit's start conditions that did not hold, as systemd words them."""
        out = self._run(["systemctl", "status", "--no-pager", "--full", "-n", "0", unit]).out
        return [line.strip(" └├─|`-") for line in out.splitlines() if "was not met" in line]

    def last_lines(self, unit, count=15):
        """Return the last lines of the unit's journal, oldest first."""
        out = self._run(["journalctl", "--no-pager", "-q", "-o", "cat", "-n", str(count), "-u", unit]).out
        return [line for line in out.splitlines() if line.strip()]


class UnitStep:
    """Bring one unit to a state by the verbs that are missing; undo restores what was there."""

    def __init__(self, systemd, unit, verbs, after=None):
        self._systemd = systemd
        self._verbs = list(verbs)
        self.unit = unit
        self._before = systemd.state(unit)
        self._after = after or {}

    @property
    def changed(self):
        return bool(self._verbs)

    def diff(self):
        return {
            "before_header": self.unit,
            "after_header": self.unit,
            "before": _lines(self._before),
            "after": _lines(dict(self._before, **self._after)),
        }

    def check(self):
        """Nothing can be told before the verbs run."""

    def entry(self):
        # A restart leaves nothing to take back.
        return self._entry("unit", self._after) if self._after else None

    def _entry(self, kind, after):
        return {"kind": kind, "unit": self.unit, "before": self._before, "after": altered(after)}

    def happened(self):
        """Whether the unit is another way now; of a restart nobody knows how far it came."""
        return "restart" in self._verbs or self._systemd.state(self.unit) != self._before

    def apply(self, _run):
        for verb in self._verbs:
            self._systemd.do(verb, self.unit)


class MaskedRestartStep(UnitStep):
    """Restart a unit that runs although it is masked; the mask is off for that moment only."""

    def __init__(self, systemd, unit):
        super().__init__(systemd, unit, ["restart"])
        self._mark = os.urandom(4).hex()

    def entry(self):
        # A run that is killed in that moment leaves the mask off: undo brings it back.
        return dict(self._entry("unmasked", {"masked": False}), mark=self._mark)

    def apply(self, run):
        mark = run.unmasked(self.entry())
        marks.put(mark)
        self._systemd.do(masking("unmask", self._before), self.unit)
        try:
            super().apply(run)
        finally:
            self._systemd.do(masking("mask", self._before), self.unit)
            marks.drop(mark)


class ReloadStep:
    """Make systemd read its files again after another step has written one, or after somebody else has."""

    def __init__(self, systemd, cause=None):
        self._systemd = systemd
        self._cause = cause

    @property
    def changed(self):
        return self._cause is None or self._cause.changed

    def diff(self):
        return None

    def check(self):
        """A reload needs nothing."""

    def entry(self):
        return {"kind": "reload"} if self._cause else None

    def happened(self):
        """Systemd reads what another step has written."""
        return False

    def apply(self, _run):
        self._systemd.reload()


def altered(after):
    """Return the PROPERTIES that a step alters, as it leaves them."""
    return {name: after[name] for name in PROPERTIES if name in after}


def restore_verbs(before, now, names=PROPERTIES):
    """Return the verbs that bring a unit from the state `now` back to `before` in some of its PROPERTIES, in order."""
    verbs = []
    if not before["active"]:
        if now["active_state"] not in ("inactive", "failed"):
            verbs.append(("active", "stop"))
        # A unit that died, or kept dying, is remembered as failed.
        if before["active_state"] == "inactive" and now["active_state"] in ("failed", "activating"):
            verbs.append(("active", "reset-failed"))
    if now["masked"] and not before["masked"]:
        verbs.append(("masked", masking("unmask", now)))
    if before["links"] and not now["links"]:
        verbs.append(("enabled", "enable"))
    if now["links"] and not before["links"]:
        verbs.append(("enabled", "disable"))
    if before["masked"] and not now["masked"]:
        verbs.append(("masked", masking("mask", before)))
    if before["active"] and not now["active"]:
        verbs.append(("active", "start"))
    return [verb for name, verb in verbs if name in names]


def masking(verb, state):
    """Return the verb for a mask as `state` has it: one that is there until the next boot is no lasting one."""
    return verb + " --runtime" if state["unit_file_state"] == "masked-runtime" else verb


def dropin_path(unit, name):
    """Return the path of a drop-in of ours for a unit."""
    return os.path.join(DROPIN_DIRECTORY, unit + ".d", name)


def exec_line(argv):
    """Return a command as ExecStart= takes it."""
    return " ".join(_quoted(word) for word in argv)


def _quoted(word):
    for special, written in (("\\", "\\\\"), ('"', '\\"'), ("%", "%%"), ("$", "$$")):
        word = word.replace(special, written)
    return '"{}"'.format(word)


def _lines(state):
    shown = {key: state[key] for key in ("active_state", "unit_file_state", "masked") if key in state}
    return "".join("{}: {}\n".format(key, str(shown[key]).lower()) for key in sorted(shown))
