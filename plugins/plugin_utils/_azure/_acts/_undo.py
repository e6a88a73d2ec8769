# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes back what a run has changed in Azure."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from .._client import Client
from .._error import AzureError
from .._values import last
from . import _backup
from ._change import Values, undo
from ._extension import Extension
from ._item import Assignment
from ._journal import UNDONE, Journal
from ._kind import Kind, Nothing, Overtaken
from ._machine import Power, Provisioning
from ._operation import Tell
from ._policy import Schedule
from ._rule import Rule

KINDS: Mapping[str, type[Kind]] = {
    kind.name: kind for kind in (Rule, Power, Provisioning, Extension, Assignment, Schedule)
}


@dataclasses.dataclass(frozen=True)
class Undone:
    """``restored``: what was brought back. ``kept``: what stays, with the reason."""

    restored: list[str]
    kept: list[str]


def undo_run(client: Client, journal: Journal, host: str, check_mode: bool, tell: Tell) -> Undone:
    """Takes back the changes that a run has made for one host, the last one first. Raises AzureError at the first
    that cannot be taken back; what someone else has changed since is left, and named after the others."""
    done, left = Undone([], []), []
    shown: Values | None = {} if check_mode else None
    for number, entry in reversed(list(enumerate(journal.entries()))):
        if entry["host"] != host or entry["state"] == UNDONE:
            continue
        name = f"{entry['kind']} {last(entry['id'])}"
        try:
            if entry["kind"] == _backup.NAME:
                raise Nothing(_backup.PERMANENT)
            if undo(KINDS[entry["kind"]](client, tell), entry, journal, shown):
                done.restored.append(name)
        except Nothing as why:
            done.kept.append(f"{name}: {why}")
        except Overtaken as error:
            left.append(str(error))
            continue
        if not check_mode:
            journal.mark(number, UNDONE)
    if left:
        words = "To be taken back" if check_mode else "Taken back"
        others = [f"{words}: {', '.join(done.restored)}"] if done.restored else []
        raise AzureError(". ".join(["; ".join(left), *others]))
    return done
