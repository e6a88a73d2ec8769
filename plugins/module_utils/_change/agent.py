# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The agent's service, whatever starts it."""

from .._guest.agent import SERVICES, UNITS
from .scripts import ScriptService
from .systemd import Systemd


def find_unit(systemd, name=None):
    """Return the agent's unit; raises ChangeError when the host has none."""
    if name:
        return systemd.find([name if "." in name else name + ".service"])
    return systemd.find(UNITS)


class Agent:
    """The service as something to stop and start."""

    def __init__(self, name=None):
        self.systemd = Systemd() if Systemd.is_running() else None
        if self.systemd:
            self.name = find_unit(self.systemd, name)
        else:
            self._script = ScriptService.find((name,) if name else SERVICES)
            self.name = self._script.name

    def is_active(self):
        state = self.systemd.state(self.name) if self.systemd else self._script.state()
        return state["active"]

    def do(self, verb):
        """Run one verb; raises ChangeError when it fails."""
        if self.systemd:
            self.systemd.do(verb, self.name)
        else:
            self._script.do(verb)
