# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What set an error off on a Windows guest: what changed in the minutes before it began."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from ..._engine._model import Evidence
from ..._facts._types import WindowsState
from . import _times

_SHORTLY = datetime.timedelta(minutes=5)
_UNPACKED = re.compile(r"_(\d{4}-\d{2}-\d{2})_(\d{2})(\d{2})(\d{2})$")
"""The end of the name of the folder into which the agent unpacks its new version."""


def set_off(state: WindowsState, began: object) -> list[Evidence]:
    """The change that is most likely to have set an error off; empty without one shortly before it began."""
    begin = _times.moment(began)
    if begin is None:
        return []
    shortly = [shown for when, shown in _changes(state) if when and begin - _SHORTLY <= when <= begin]
    return shortly[:1]


def _changes(state: WindowsState) -> Iterator[tuple[datetime.datetime | None, Evidence]]:
    """What changed the guest and when, the most telling first: a new agent, a boot, a restart of the agent."""
    agent, identity = state.get("agent"), state.get("identity")
    for version in (agent.get("versions") if agent is not None else None) or ():
        unpacked = _UNPACKED.search(str(version.get("folder")))
        if unpacked:
            when = _times.moment("{} {}:{}:{}".format(*unpacked.groups()))
            yield when, version.fact("folder", "shortly before it began: a new version of the agent")
    if identity is not None and identity.get("boot_time"):
        yield _times.moment(identity.boot_time), identity.fact("boot_time", "shortly before it began: a boot")
    guest = agent.get("guest") if agent is not None else None
    if guest is not None and guest.get("GuestAgentStartTime"):
        started = guest.fact("GuestAgentStartTime", "shortly before it began: a start of the agent")
        yield _times.moment(guest.GuestAgentStartTime), started
