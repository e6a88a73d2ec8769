# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent installs and enables the snapshot extension, then reports its state to Azure. A backup waits for the
state Ready."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Fix, Stage, Verdict, fail, not_applicable, ok, unknown, warn
from ..._engine._state import Facts
from ..._facts._types import LinuxState
from .._pages import TROUBLESHOOT_AGENT, agent_file
from ._snapshot import ended_well
from .handler_installed import CODES as FETCH_CODES

CODES = {
    -1: "for an unknown reason",
    1000: "while it processed it",
    1007: "when it installed it",
    1008: "when it updated it",
    1009: "when it enabled it",
    1010: "when it disabled it",
    1011: "because its script took too long",
}

CHECK = Check(
    title="The extension is enabled and ready",
    severity=WARNING,
    stage=Stage.HANDLER,
    needs=("extension.installed",),
    explained_by=(
        "ext_python_path",
        "ext_python_supported",
        "ext_version",
        "ext_present",
        "handler_installed",
        "ext_settings",
        "extensions_enabled",
    ),
    error_codes=(
        "UserErrorVmProvisioningStateFailed",
        "ExtensionStuckInDeletionState",
    ),
    sources=(
        TROUBLESHOOT_AGENT,
        agent_file("azurelinuxagent/ga/exthandlers.py"),
    ),
    advice=(
        "Read the message above and /var/log/azure/Microsoft.Azure.RecoveryServices.VMSnapshotLinux. If the "
        "extension is stuck, remove it from the VM; the next backup installs it again."
    ),
)

RESET = Fix("snapshot_extension")


def judge(state: LinuxState) -> Verdict:
    installed = state.extension.installed
    word = state.extension.get("agent_log")
    if word is not None and word.get("refused") and not ended_well(state):
        return fail(
            "The agent's record of the snapshot extension does not match the files", word.fact("refused"), fix=RESET
        )
    if installed is None:
        return not_applicable("The extension is not installed yet")
    status = installed.status
    if "state" not in installed and status is None:
        return unknown("The tree does not hold the agent's word on the extension")
    code = status.code if status is not None else None
    if installed.state == "FailedUpgrade":
        return fail("Updating the snapshot extension failed", *_evidence(installed), fix=RESET)
    if status is not None and status.status != "Ready" and code in FETCH_CODES:
        return fail("The agent could not set up the snapshot extension", *_evidence(installed), fix=RESET)
    if status is not None and status.status in ("NotReady", "Unresponsive") and code:
        when = CODES.get(code, f"with code {code}")
        return fail(
            f"The agent failed with the snapshot extension {when}{_how(state)}", *_evidence(installed), fix=RESET
        )
    if status is not None and status.status == "Unresponsive":
        return fail("The snapshot extension does not respond", *_evidence(installed), fix=RESET)
    if installed.state == "Enabled" and (status is None or status.status == "Ready"):
        return ok(*_evidence(installed))
    return warn("The agent has not enabled the snapshot extension (yet)", *_evidence(installed), fix=RESET)


def _how(state: LinuxState) -> str:
    """The exit status, where the agent's log has it."""
    word = state.extension.get("agent_log")
    return f" (exit status {word.exit_status})" if word is not None and word.exit_status is not None else ""


def _evidence(installed: Facts) -> tuple[Evidence, ...]:
    status = installed.status
    facts = (status.fact("status"), status.fact("code"), status.fact("message")) if status is not None else ()
    return (installed.fact("state"), *facts)
