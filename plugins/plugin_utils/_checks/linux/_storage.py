# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why the next backup of a Linux guest needs Azure Storage from inside the guest."""

from __future__ import annotations

from ..._engine._state import MissingFact
from ..._facts._types import LinuxState
from . import _extension, _extension_conf, _last_run
from ._result_codes import NETWORK_CODES

GUEST_FIRST = ("onlyGuest", "firstGuestThenHost")


def needed(state: LinuxState) -> str | None:
    """The reason, or None where storage is not needed or the facts do not tell."""
    if not state.get("extension"):
        return None
    try:
        method = _extension_conf.option(state, "SnapshotMethod")
        if method in GUEST_FIRST:
            return f"vmbackup.conf has the guest take the snapshot ({method})"
        if _last_run.ended_with(state, *NETWORK_CODES) and not _extension.refused_by_host(state):
            return "the last backup failed because of the network"
    except MissingFact:
        pass
    return None
