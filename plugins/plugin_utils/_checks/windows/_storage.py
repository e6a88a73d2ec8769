# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why the next backup of a Windows guest needs Azure Storage from inside the guest."""

from __future__ import annotations

from ..._engine._state import MissingFact
from ..._facts._types import WindowsState
from . import _extension, _last_run, _times

GUEST_FIRST = ("onlyguest", "firstguestthenhost")
NO_NETWORK = r"NoNetwork|NoSecureNetwork|NetworkUnresponsive|\.blob\.(?:core|storage)\."
"""Codes of a failed run, or a name of storage: what it failed at."""
STUCK_MINUTES = 24 * 60


def needed(state: WindowsState) -> str | None:
    """Why the next backup needs storage from inside the guest; None where it does not, or the facts do not tell."""
    try:
        key = state.backup.bcdr_persistent
        method = key.get("SnapshotMethod") if key else None
        if method is not None and str(method.value).lower() in GUEST_FIRST:
            return f"BcdrAgentPersistentKeys has the guest take the snapshot ({method.value})"
    except MissingFact:
        pass
    if _extension.said(state, NO_NETWORK):
        return "the last backup failed because of the network"
    status = _last_run.last_status(state)
    age = _times.minutes_before_capture(state, status.get("time")) if status else None
    if status and status.get("status") == "transitioning" and age is not None and age > STUCK_MINUTES:
        return "the last run of the snapshot extension never finished"
    return None
