# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's service starts at boot."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Stage, Verdict, fail, not_applicable, ok, unknown, warn
from ..._engine._state import GuestState
from ._agent import running

CHECK = Check(
    title="The agent starts at boot",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("agent.unit",),
    explained_by=(
        "agent_unit",
        "agent_unmasked",
    ),
    error_codes=(
        "UserErrorGuestAgentStatusUnavailable",
        "BackUpOperationFailed",
        "BackUpOperationFailedV2",
        "VMRestorePointInternalError",
        "VMAgentStatusCommunicationError",
        "UserErrorCrpReportedUserError",
        "OSProvisioningClientError",
    ),
    source="systemctl is-enabled; rc links and runlevels elsewhere. Whole words count: enabled-runtime is no enabled",
)

GOOD = ("enabled", "alias", "generated", "indirect", "linked", "static")


def judge(state: GuestState) -> Verdict:
    unit = state.agent.unit
    if unit is None:
        return not_applicable("The agent has no service")
    word = unit.enabled
    if word in ("masked", "masked-runtime"):
        return not_applicable("The unit is masked")
    if word in GOOD:
        return ok(unit.fact("enabled"))
    if word in ("enabled-runtime", "linked-runtime"):
        return warn("The agent's service is enabled until the next boot only", unit.fact("enabled"))
    if word != "disabled":
        return unknown(f"The manager calls the unit '{word}'", unit.fact("enabled"))
    if running(state):
        return warn(
            "The agent's service is disabled: it runs now and will not start at the next boot", unit.fact("enabled")
        )
    return fail("The agent's service is disabled", unit.fact("enabled"))
