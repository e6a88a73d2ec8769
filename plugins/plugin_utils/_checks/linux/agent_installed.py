# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's program and its Python package are on the system."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, fail, ok
from ..._engine._state import GuestState
from ._agent import running

CHECK = Check(
    title="The agent is installed",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("agent.binary",),
    error_codes=(
        "UserErrorGuestAgentStatusUnavailable",
        "UserErrorVmNotInDesirableState",
        "VmNotInDesirableState",
        "BackUpOperationFailed",
        "BackUpOperationFailedV2",
        "VMRestorePointInternalError",
        "VMAgentStatusCommunicationError",
        "AzureVmOffline",
        "UserErrorCrpReportedUserError",
        "OSProvisioningClientError",
    ),
    keeps_agent_down=True,
    source="Azure VM agent for Linux: presence is a prerequisite of VM backup; paths from the agent's setup.py",
)

PLACES = "/usr/sbin, /usr/bin, /usr/local/sbin, /usr/share/oem/bin"


def judge(state: GuestState) -> Verdict:
    binary = state.agent.binary
    if running(state):
        return ok(
            state.agent.get("daemon", state.agent).fact("command") if state.agent.get("daemon") else _there(state)
        )
    if binary is None:
        removed = _removed_package(state)
        why = "The Azure Linux agent was removed" if removed else "The Azure Linux agent is not installed"
        return fail(why, Evidence(f"waagent in {PLACES}", "absent"), *removed)
    if not binary.executable and not _started_by_python(state):
        return fail("The agent's program is not executable", binary.fact("mode"))
    python = state.agent.get("interpreter")
    modules = state.agent.get("modules")
    if python and python.exists and modules == [] and (python.get("imports") is False or not state.live):
        return fail(
            "The agent's program is there, its Python package azurelinuxagent is not",
            Evidence("azurelinuxagent in the Python directories", "absent"),
            *([python.fact("error")] if "error" in python else []),
        )
    return ok(binary.fact("path"))


def _there(state: GuestState) -> Evidence:
    return state.agent.unit.fact("active")


def _removed_package(state: GuestState) -> tuple[Evidence, ...]:
    package = state.agent.get("package")
    if package and "installed" not in (package.status or "").split():
        return (package.fact("status"),)
    return ()


def _started_by_python(state: GuestState) -> bool:
    unit = state.agent.get("unit")
    command = unit.get("exec") if unit else None
    return bool(command) and "python" in command[0]
