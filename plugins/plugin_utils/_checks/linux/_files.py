# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of the snapshot extension that were deleted."""

from __future__ import annotations

from ..._engine._state import Facts
from ..._facts._types import LinuxState


def gone(state: LinuxState, installed: Facts) -> list[str]:
    """Files without which the agent cannot start an extension that it counts as installed."""
    if installed.state not in ("Installed", "Enabled"):
        return []
    if not installed.launcher:
        return ["main/handle.sh"]
    manifest = installed.manifest
    found = list(manifest.absent) if manifest is not None else []
    if manifest is not None and manifest.error:
        found.append("HandlerManifest.json")
    # A saved tree may leave these out: there they count where the extension does not run.
    if state.live or not _runs(state, installed):
        found += ["HandlerManifest.json"] * (manifest is None) + ["main/handle.py"] * (not installed.program)
    return found


def _runs(state: LinuxState, installed: Facts) -> bool:
    """The agent calls it ready, and it has answered its last command."""
    word, settings, status = installed.status, state.extension.settings, state.extension.status
    answered = settings is None or (status is not None and status.sequence >= settings.sequence)
    return answered and (word is None or word.status == "Ready")
