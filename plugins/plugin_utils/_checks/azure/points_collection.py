# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Azure Backup makes its points in a collection. While that is being deleted, or has failed, it can make none."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, ok, warn
from ..._facts._types import AzureState
from ._pages import POINTS

CHECK = Check(
    title="The collection of restore points is usable",
    severity=WARNING,
    stage=Stage.POINTS,
    needs=("points.collections",),
    explained_by=("points_locks",),
    error_codes=(
        "UserErrorRpCollectionMarkedForDeletion",
        "UserErrorRpCollectionDeleted",
        "UserErrorInstantRpNotFound",
    ),
    sources=(POINTS,),
    advice="Wait until the collection is deleted, then run the backup again: it makes a new one.",
)


def judge(state: AzureState) -> Verdict:
    bad = [
        one for one in state.points.collections if one.of_backup and one.provisioning_state in ("Deleting", "Failed")
    ]
    if bad:
        return warn(
            f"The collection of restore points is in the state {bad[0].provisioning_state}",
            *(one.fact("provisioning_state") for one in bad),
        )
    return ok(*(one.fact("provisioning_state") for one in state.points.collections))
