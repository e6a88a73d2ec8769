# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Azure Backup says itself what is wrong with an item. Its words cover causes that no check knows."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, by_hand, not_applicable, ok, warn
from ..._error_codes import about
from ..._facts._types import AzureState
from ._pages import MANAGE
from ._protection import active, ordered

CHECK = Check(
    title="Azure Backup finds the item healthy",
    severity=WARNING,
    stage=Stage.JOBS,
    needs=("protection.items",),
    explained_by=("last_job", "protection_state", "agent_ready", "handler_status", "provisioning_state", "power_state"),
    sources=(MANAGE,),
    advice="Follow what the service recommends.",
)

ILL = (
    "ActionRequired",
    "ActionSuggested",
    "PersistentUnhealthy",
    "PersistentDegraded",
    "TransientUnhealthy",
    "TransientDegraded",
)


def judge(state: AzureState) -> Verdict:
    items = active(state)
    if not items:
        return not_applicable("No vault protects this machine")
    for item in items:
        if item.health_status not in ILL:
            continue
        said = item.health[0] if item.health else None
        evidence = [item.fact("health_status")]
        evidence += [one.fact(name) for one in item.health for name in ("code", "message", "recommendations")]
        words = said and (said.title or said.message or said.code)
        advice = said and said.recommendations
        known = about(said.code) if said and said.code else None
        return warn(
            f"Azure Backup says of the item: {words or item.health_status}",
            *evidence,
            fix=by_hand(advice) if advice else None,
            error_code=known["name"] if known and ordered(state) else None,
        )
    return ok(*(item.fact("health_status") for item in items))
