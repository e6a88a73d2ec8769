# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No drive is locked by BitLocker."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, ok
from ..._engine._state import GuestState

CHECK = Check(
    aliases=("win_bitlocker",),
    title="No drive is locked by BitLocker",
    severity=WARNING,
    stage=Stage.FREEZE,
    needs=("storage.drives",),
    error_codes=("ExtensionSnapshotBitlockerError",),
    source="Microsoft, troubleshooting Azure VM backup: ExtensionSnapshotBitlockerError",
)

UNKNOWN_PROTECTION = 2
"""What Windows states of a volume that it cannot look into because it is locked."""


def judge(state: GuestState) -> Verdict:
    volumes = state.storage.get("bitlocker") or []
    locked = {str(item.name).rstrip("\\:").upper() for item in volumes if item.protection == UNKNOWN_PROTECTION}
    unready = {str(item.name).rstrip("\\:").upper() for item in state.storage.drives if not item.ready}
    if locked:
        names = ", ".join(f"{name}:" for name in sorted(filter(None, locked)))
        return fail(f"BitLocker keeps drives locked: {names}", Evidence("drives that are not ready", sorted(unready)))
    return ok(Evidence("volumes that BitLocker knows", [item.name for item in volumes]))
