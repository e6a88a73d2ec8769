# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's unit is not masked."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Stage, Verdict, not_applicable, ok
from ..._engine._state import GuestState
from ._agent import at_next_start

CHECK = Check(
    aliases=("agent_masked",),
    title="The agent's unit is not masked",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("agent.unit",),
    explained_by=("agent_installed",),
    error_codes=(
        "UserErrorGuestAgentStatusUnavailable",
        "BackUpOperationFailed",
        "BackUpOperationFailedV2",
        "VMRestorePointInternalError",
        "VMAgentStatusCommunicationError",
        "UserErrorCrpReportedUserError",
        "OSProvisioningClientError",
    ),
    keeps_agent_down=True,
    source="systemd: a masked unit cannot be started by anybody; often deliberate hardening",
)


def judge(state: GuestState) -> Verdict:
    unit = state.agent.unit
    if unit is None or unit.kind != "systemd":
        return not_applicable("The agent is not started by systemd")
    if unit.load != "masked" and unit.get("enabled") not in ("masked", "masked-runtime"):
        return ok(unit.fact("load"))
    evidence = unit.fact("masked_by") if unit.get("masked_by") else unit.fact("load")
    return at_next_start(state, "The agent's unit is masked", evidence)
