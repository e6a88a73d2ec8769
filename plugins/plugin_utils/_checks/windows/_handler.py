# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's bookkeeping of the snapshot extension on Windows: what it registered, and the state that it reports."""

from __future__ import annotations

from ..._engine._model import Evidence, Verdict, by_hand, fail, warn
from ..._engine._state import Facts
from ..._facts._types import WindowsState
from ._advice import REINSTALL_EXTENSION

_NOT_READY = ("notready", "error", "unresponsive")
_FORGET = (
    r"Stop WindowsAzureGuestAgent, export and delete HKLM\SOFTWARE\Microsoft\Windows Azure\HandlerState\Microsoft.Azure"
    f".RecoveryServices.VMSnapshot_<version> and start the service again. {REINSTALL_EXTENSION}"
)


def stale_registration(state: WindowsState) -> Verdict | None:
    """The verdict where every registered version is one that is not installed."""
    registered = state.extension.handler_state
    installed = [item.version for item in state.extension.versions]
    if not registered or any(item.version in installed for item in registered):
        return None
    return fail(
        "The agent has registered a version of the snapshot extension that is not installed",
        *(item.fact("version") for item in registered),
        Evidence("installed versions", installed),
        fix=by_hand(_FORGET),
    )


def not_ready(state: WindowsState, version: Facts) -> Verdict | None:
    """The verdict where the agent or the extension's heartbeat says that this version is not ready."""
    for item in state.extension.handler_state:
        if item.version == version.version and str(item.get("status")).lower() in _NOT_READY:
            return fail(
                f"The agent reports the snapshot extension as {item.status}",
                item.fact("status"),
                item.fact("state"),
                fix=by_hand(REINSTALL_EXTENSION),
            )
    heartbeat = version.get("heartbeat")
    if heartbeat is not None and str(heartbeat.get("status")).lower() == "notready":
        return warn("The snapshot extension's heartbeat says not ready", heartbeat.fact("status", version.folder))
    return None
