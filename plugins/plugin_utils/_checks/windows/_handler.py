# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's bookkeeping of the snapshot extension on Windows: what it registered, and the state that it reports."""

from __future__ import annotations

from ..._engine._model import Evidence, Fix, Verdict, fail, warn
from ..._engine._state import Facts
from ..._facts._types import WindowsState
from ._agents_report import held

_NOT_READY = ("notready", "error", "unresponsive")
_GONE = ("disabled", "uninstalled", "notinstalled")
"""What a removal or an installation leaves that did not end."""


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
        fix=_forget(registered[0]),
    )


def not_ready(state: WindowsState, version: Facts) -> Verdict | None:
    """The verdict where the agent or the extension's heartbeat says that this version is not ready."""
    word = held(state, version.get("status"), version.get("version"))
    if word is not None:
        told = f": {word.get('message')}" if word.get("message") else ""
        why = f"The agent reports the snapshot extension as {word.status}{told}"
        evidence = [word.fact(name) for name in ("status", "code", "message")]
        return fail(why, *evidence, key=f"agent reports {word.status}", fix=_forget(version))
    for item in state.extension.handler_state:
        if item.version != version.version:
            continue
        shown = [item.fact("status"), item.fact("state")]
        if str(item.get("status")).lower() in _NOT_READY:
            return fail(f"The agent reports the snapshot extension as {item.status}", *shown, fix=_forget(version))
        if str(item.get("state")).lower() in _GONE:
            why = f"The agent has the installed snapshot extension registered as {item.state}"
            return warn(why, *shown, fix=_forget(version))
    heartbeat = version.get("heartbeat")
    if heartbeat is not None and str(heartbeat.get("status")).lower() == "notready":
        return warn("The snapshot extension's heartbeat says not ready", heartbeat.fact("status", version.folder))
    return None


def _forget(item: Facts) -> Fix:
    return Fix("win_snapshot_extension", version=item.version)
