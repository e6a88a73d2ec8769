# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Azure Policy can refuse what Azure Backup makes: the group of restore points, its tags, the snapshot extension."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._engine._model import WARNING, Check, Stage, Verdict, fail, ok, warn
from ..._facts._types import AzureState
from .._pages import TROUBLESHOOT_BACKUP
from ._jobs import job_says

if TYPE_CHECKING:
    from ..._facts._types import AzureDenials

CHECK = Check(
    title="Azure Policy refuses nothing that Azure Backup makes",
    severity=WARNING,
    stage=Stage.POINTS,
    needs=("denials",),
    error_codes=("UserErrorRequestDisallowedByPolicy",),
    sources=(TROUBLESHOOT_BACKUP,),
    advice="Exempt the groups AzureBackupRG_* from the assignment, or name a group that complies in the backup policy.",
)

REFUSES = ("deny", "denyaction")
MADE = (
    "microsoft.resources/subscriptions/resourcegroups",
    "microsoft.compute/restorepointcollections",
    "microsoft.compute/virtualmachines/extensions",
)


def judge(state: AzureState) -> Verdict:
    refused, against = refusing(state)
    if against:
        evidence = [fact for one in against for fact in (one.fact("assignment"), one.fact("scope"), one.fact("about"))]
        why = f"Azure Policy refuses what Azure Backup makes: {against[0].name}"
        return fail(why, *evidence) if refused else warn(why, *evidence)
    return ok(*(one.fact("assignment") for one in _of_backup(state)))


def refusing(state: AzureState) -> tuple[bool, list[AzureDenials]]:
    """Whether the last backup was refused, and the assignments that refuse what Azure Backup makes."""
    refused = job_says(state, CHECK.error_codes)
    return refused, [one for one in _of_backup(state) if refused or one.compliance == "NonCompliant"]


def _of_backup(state: AzureState) -> list[AzureDenials]:
    return [one for one in state.denials if (one.effect or "").lower() in REFUSES and (one.about or "").lower() in MADE]
