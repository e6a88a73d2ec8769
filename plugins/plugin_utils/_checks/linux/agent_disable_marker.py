# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No marker file makes the agent sleep."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, fail, ok, warn
from ..._engine._state import GuestState
from ._agent import logged

CHECK = Check(
    aliases=("agent_disabled_file",),
    title="The agent is not put to sleep by disable_agent",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("agent",),
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
    source="agent's daemon: with the file it sleeps for ever while its service looks healthy",
)


def judge(state: GuestState) -> Verdict:
    asleep = None if state.agent.get("handler") else logged(state, "agent_disabled")
    if asleep and "disabled_by" not in state.agent:
        return fail("The marker file disable_agent makes the agent sleep for ever", asleep)
    path = state.agent.disabled_by
    if path is None and asleep and state.agent.get("daemon"):
        return fail("The agent still sleeps: the marker file is gone, and it was not restarted since", asleep)
    if path is None:
        return ok(Evidence("disable_agent", "absent"))
    evidence = Evidence(path, "present")
    if state.agent.get("handler"):
        return warn("The marker file disable_agent puts the agent to sleep at its next start", evidence)
    return fail("The marker file disable_agent makes the agent sleep for ever", evidence)
