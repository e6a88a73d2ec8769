# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent installs and enables the snapshot extension, then reports its state to Azure. A backup waits for the
state Ready."""

from __future__ import annotations

from ....module_utils._guest.handlers import NAME
from ..._engine._model import WARNING, Check, Fix, Stage, Verdict, fail, not_applicable, ok, unknown, warn
from ..._engine._state import Facts
from ..._facts._types import LinuxState
from .._pages import TROUBLESHOOT_AGENT, agent_file
from ._last_run import ended_well
from .handler_installed import CODES as FETCH_CODES

CODES = {
    -1: "for an unknown reason",
    1000: "while processing it",
    1007: "while installing it",
    1008: "while updating it",
    1009: "while enabling it",
    1010: "while disabling it",
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

RESET = Fix("snapshot_extension")


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
    trouble = _trouble(installed, word)
    if trouble:
        return fail(trouble, installed.fact("state"), *told, fix=RESET)
    reported = _reported(state)
    if reported is not None:
        return reported
    if installed.state == "Enabled" and (status is None or status.status == "Ready"):
        return ok(installed.fact("state"), *told)
    why = "The agent has not enabled the snapshot extension (yet)"
    return warn(why, installed.fact("state"), *told, fix=RESET)


def _reported(state: LinuxState) -> Verdict | None:
    """What the agent's last report says of the extension, where its own files say nothing wrong."""
    for one in state.extension.get("handlers", ()) if state.live else state.extension.handlers:
        if one.name == NAME and one.status in ("NotReady", "Unresponsive") and one.code:
            when = CODES.get(one.code, f"with code {one.code}")
            shown = [one.fact(name) for name in ("status", "code", "message")]
            return fail(f"The agent reports that it failed with the snapshot extension {when}", *shown, fix=RESET)
    return None


def _trouble(installed: Facts, word: Facts | None) -> str | None:
    """What the agent could not do with the extension. ``word``: what its log says of it."""
    status = installed.status
    if installed.state == "FailedUpgrade":
        return "Updating the snapshot extension failed"
    if status is None or status.status == "Ready":
        return None
    if status.code in FETCH_CODES:
        return "The agent could not set up the snapshot extension"
    if status.status in ("NotReady", "Unresponsive") and status.code:
        when = CODES.get(status.code, f"with code {status.code}")
        exited = f" (exit status {word.exit_status})" if word is not None and word.exit_status is not None else ""
        return f"The agent failed with the snapshot extension {when}{exited}"
    return "The snapshot extension does not respond" if status.status == "Unresponsive" else None
