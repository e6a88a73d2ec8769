# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the agent says of the snapshot extension on Linux: its codes for extensions, and what it could not do."""

from __future__ import annotations

from ....module_utils._guest.handlers import NAME
from ..._engine._model import Fix, Verdict, fail
from ..._engine._state import Facts
from ..._facts._types import LinuxState
from .._extensions import NOT_READY

FETCH_CODES = {
    1001: "could not download the extension's list of versions",
    1002: "could not find the extension's manifest",
    1003: "could not read the extension's manifest",
    1004: "could not download the extension's package",
    1005: "could not unpack the extension's package",
    1012: "could not read the extension's status file",
}
"""What it could not fetch or unpack, by the code of its report."""

FAILURES = {
    -1: "for an unknown reason",
    1000: "while processing it",
    1007: "while installing it",
    1008: "while updating it",
    1009: "while enabling it",
    1010: "while disabling it",
    1011: "because its script took too long",
}
"""When it failed with an extension, by the code of its report."""

RESET = Fix("snapshot_extension")


def reported_failure(state: LinuxState) -> Verdict | None:
    """What the agent's last report says of the extension, where its own files say nothing wrong."""
    for one in state.extension.get("handlers", ()) if state.live else state.extension.handlers:
        if one.name == NAME and one.status in NOT_READY and one.code:
            when = FAILURES.get(one.code, f"with code {one.code}")
            shown = [one.fact(name) for name in ("status", "code", "message")]
            return fail(f"The agent reports that it failed with the snapshot extension {when}", *shown, fix=RESET)
    return None


def handler_trouble(installed: Facts, word: Facts | None) -> str | None:
    """What the agent could not do with the extension. ``word``: what its log says of it."""
    status = installed.status
    if installed.state == "FailedUpgrade":
        return "Updating the snapshot extension failed"
    if status is None or status.status == "Ready":
        return None
    if status.code in FETCH_CODES:
        return "The agent could not set up the snapshot extension"
    if status.status in NOT_READY and status.code:
        when = FAILURES.get(status.code, f"with code {status.code}")
        exited = f" (exit status {word.exit_status})" if word is not None and word.exit_status is not None else ""
        return f"The agent failed with the snapshot extension {when}{exited}"
    return "The snapshot extension does not respond" if status.status == "Unresponsive" else None
