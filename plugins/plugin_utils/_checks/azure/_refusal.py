# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The disks that backups take, and what shows whether Azure Backup refuses them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from ..._engine._model import Evidence, Verdict, fail, ok, warn
from ..._facts._types import AzureState
from ._jobs import job_says
from ._protection import active, succeeded

if TYPE_CHECKING:
    from ..._facts._types import AzureDisks

_SECONDS = len("2026-03-01T22:31:00")


def taken(state: AzureState) -> list[AzureDisks]:
    """The disks that backups take: those that its items leave out are of no matter."""
    items = active(state) if state.get("protection") is not None else []
    left_out = [set(item.get("excluded_disks") or ()) for item in items] or [set()]
    return [disk for disk in state.disks if disk.name not in set.intersection(*left_out)]


def refused(
    state: AzureState,
    why: str,
    *evidence: Evidence,
    disks: Iterable[AzureDisks],
    codes: Collection[str] = (),
    key: str | None = None,
) -> Verdict:
    """The verdict on disks that Azure Backup refuses, with one of these codes.

    A backup that succeeded shows that it takes them nevertheless, if they were there already. If a later one failed,
    something may have been changed in between; without codes that would say so, that is assumed.
    """
    protection = state.get("protection")
    if protection is None:
        return warn(f"{why}; backups fail unless it is excluded", *evidence, key=key)
    newest = max((item.last_point or "" for item in active(state)), default="")
    since = newest[:_SECONDS]
    newer = [disk.fact("created") for disk in disks if since and (disk.get("created") or "")[:_SECONDS] > since]
    if newer or job_says(state, codes) or not (succeeded(state) or newest and codes):
        return fail(why, *evidence, *newer, key=key)
    if succeeded(state):
        return ok(*evidence, why=f"{why}; the last backup succeeded nevertheless")
    return warn(f"{why}; an earlier backup succeeded nevertheless", *evidence, key=key)
