# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent installs and enables the snapshot extension, then reports its state to Azure. A backup waits for the
state Ready."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, fail, not_applicable, ok, unknown, warn
from ..._facts._types import LinuxState
from .._pages import TROUBLESHOOT_AGENT, agent_file
from ._handler import RESET, handler_trouble, reported_failure
from ._last_run import ended_well

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
        "ExtensionInstallationFailure",
        "ExtensionOperationFailed",
    ),
    remedies=("snapshot_extension",),
    sources=(
        TROUBLESHOOT_AGENT,
        agent_file("azurelinuxagent/ga/exthandlers.py"),
    ),
    advice=(
        "Read the message above and /var/log/azure/Microsoft.Azure.RecoveryServices.VMSnapshotLinux. If the "
        "extension is stuck, remove it from the VM; the next backup installs it again."
    ),
)


def judge(state: LinuxState) -> Verdict:
    installed, word = state.extension.installed, state.extension.get("agent_log")
    if word is not None and word.get("refused") and not ended_well(state):
        why = "The agent's record of the snapshot extension does not match the files"
        return fail(why, word.fact("refused"), fix=RESET)
    if installed is None:
        return not_applicable("The extension is not installed yet")
    status = installed.status
    if "state" not in installed and status is None:
        return unknown("The tree does not contain the agent's record of the extension")
    told = (status.fact("status"), status.fact("code"), status.fact("message")) if status is not None else ()
    trouble = handler_trouble(installed, word)
    if trouble:
        return fail(trouble, installed.fact("state"), *told, fix=RESET)
    reported = reported_failure(state)
    if reported is not None:
        return reported
    if installed.state == "Enabled" and (status is None or status.status == "Ready"):
        return ok(installed.fact("state"), *told)
    why = "The agent has not enabled the snapshot extension (yet)"
    return warn(why, installed.fact("state"), *told, fix=RESET)
