# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Agents that no systemd starts: SysV scripts and OpenRC, as far as those can go."""

import os

from .._guest import init_scripts, processes
from .._guest.host import Host
from . import commands
from .errors import cannot
from .systemd import altered

VERB_SECONDS = 120


class ScriptService:
    """The agent's start script; it knows no masking and no restart after a crash."""

    def __init__(self, name, run=commands.run, root="/"):
        self.name = name
        self._run = run
        self._root = root

    @classmethod
    def find(cls, names, run=commands.run, root="/"):
        """Return the first of the services that a script or an upstart job starts."""
        found = init_scripts.describe(Host(root), names)
        if found is None:
            raise cannot("find", names[0], "this host has neither a unit nor a start script of the agent")
        return cls(found["name"], run, root)

    def _described(self):
        return init_scripts.describe(Host(self._root), (self.name,)) or {"kind": None, "enabled": None}

    @property
    def is_openrc(self):
        return self._described()["kind"] == "openrc"

    def gate(self):
        """Return the switch that the script obeys: `required`, and its `value`."""
        return init_scripts.gate(Host(self._root), self._described())

    def state(self):
        """Return active and enabled in the words that units have."""
        active = bool(processes.daemons(Host()))
        enabled = self._described()["enabled"] == "enabled"
        return {
            "active": active,
            "active_state": "active" if active else "inactive",
            "enabled": enabled,
            "unit_file_state": "enabled" if enabled else "disabled",
            "masked": False,
        }

    def do(self, verb):
        """Run start, stop, restart, enable or disable; raises ChangeError when the tool fails."""
        if verb in ("enable", "disable"):
            argv = self._boot_command(verb)
        else:
            argv = ["rc-service" if self.is_openrc else "service", self.name, verb]
        result = self._run(argv, timeout=VERB_SECONDS)
        if result.rc != 0:
            words = " ".join((result.err or result.out).split())
            raise cannot(verb, self.name, words or "{} returned {}".format(argv[0], result.rc))

    def _boot_command(self, verb):
        if self.is_openrc:
            return ["rc-update", "add" if verb == "enable" else "del", self.name, "default"]
        if os.path.exists(os.path.join(self._root, "usr/sbin/update-rc.d")):
            return ["update-rc.d", self.name, "defaults" if verb == "enable" else "remove"]
        return ["chkconfig", self.name, "on" if verb == "enable" else "off"]


class ScriptStep:
    """Bring a scripted service to a state by the verbs that are missing."""

    def __init__(self, service, verbs, after):
        self._service = service
        self._verbs = list(verbs)
        self._before = service.state()
        self._after = after

    @property
    def changed(self):
        return bool(self._verbs)

    def diff(self):
        after = dict(self._before, **self._after)
        return {
            "before_header": self._service.name,
            "after_header": self._service.name,
            "before": "active: {active}\nenabled: {enabled}\n".format(**self._before).lower(),
            "after": "active: {active}\nenabled: {enabled}\n".format(**after).lower(),
        }

    def check(self):
        """Nothing can be told before the verbs run."""

    def entry(self):
        after = altered(self._after)
        return {"kind": "script", "service": self._service.name, "before": self._before, "after": after}

    def happened(self):
        """Whether the service is another way now; of a restart nobody knows how far it came."""
        return "restart" in self._verbs or self._service.state() != self._before

    def apply(self, _run):
        for verb in self._verbs:
            self._service.do(verb)
