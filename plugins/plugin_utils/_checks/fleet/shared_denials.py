# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An assignment of Azure Policy that refuses the group of restore points, or the extension, does so for all machines
below its scope. One exemption helps all of them."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, warn
from ..._engine._state import FleetState
from ..azure.policy_denial import CHECK as OF_ONE
from ..azure.policy_denial import refusing
from ._machines import SEVERAL, all_of, grouped

CHECK = Check(
    title="No assignment of Azure Policy refuses what Azure Backup makes for several machines",
    severity=WARNING,
    stage=Stage.POINTS,
    sources=OF_ONE.sources,
    advice="Exempt the groups AzureBackupRG_* from this one assignment.",
)


def judge(fleet: FleetState) -> Verdict:
    found = grouped(fleet, lambda state: [(one.name, one.assignment) for one in refusing(state)[1]])
    shared = found.large(SEVERAL)
    if not shared:
        return found.clean()
    (name, _id), most = next(iter(shared.items()))
    return warn(
        f"Azure Policy refuses what Azure Backup makes for {len(most):,} machines: {name}",
        *(Evidence(f"{id_}: {name}", len(names)) for (name, id_), names in shared.items()),
        hosts=all_of(shared),
    )
