# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A lock on a subscription or a group applies to the restore points of all machines in it. Removed once, it helps all
of them."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, warn
from ..._engine._state import FleetState
from ..azure._locks import on_points
from ..azure._pages import LOCKS
from ._machines import SEVERAL, all_of, grouped

CHECK = Check(
    title="No lock is behind the restore points of several machines",
    severity=WARNING,
    stage=Stage.POINTS,
    sources=(LOCKS,),
    advice="Remove this one lock, or lock the machines in place of what is above them.",
)


def judge(fleet: FleetState) -> Verdict:
    found = grouped(fleet, lambda state: [(lock.name, lock.scope) for lock in on_points(state)])
    shared = found.large(SEVERAL)
    if not shared:
        return found.clean()
    lock, scope = next(iter(shared))
    return warn(
        f"The lock {lock} on {scope} applies to the restore points of {len(shared[lock, scope]):,} machines",
        *(Evidence(f"{scope}: {lock}", len(names)) for (lock, scope), names in shared.items()),
        hosts=all_of(shared),
    )
