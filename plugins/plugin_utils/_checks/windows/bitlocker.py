# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No drive is locked by BitLocker.

The Volume Shadow Copy service cannot look into a locked volume, and one locked volume makes the snapshot of the whole
VM fail. Windows states protection 2 (unknown) for a volume that it cannot look into because it is locked.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, ok
from ..._facts._types import WindowsState
from .._pages import TROUBLESHOOT_BACKUP
from ._pages import command

CHECK = Check(
    aliases=("win_bitlocker",),
    title="No drive is locked by BitLocker",
    severity=WARNING,
    stage=Stage.FREEZE,
    needs=("storage.drives",),
    error_codes=("ExtensionSnapshotBitlockerError",),
    advice=(
        "Unlock the drive with 'manage-bde -unlock <drive>: -RecoveryPassword <key>' and keep it so with 'manage-bde "
        "-autounlock -enable <drive>:', or decrypt it with 'manage-bde -off <drive>:'."
    ),
    sources=(TROUBLESHOOT_BACKUP, command("manage-bde unlock", "manage-bde-unlock")),
)

UNKNOWN_PROTECTION = 2


def judge(state: WindowsState) -> Verdict:
    volumes = state.storage.get("bitlocker") or []
    locked = {str(item.name).rstrip("\\:").upper() for item in volumes if item.protection == UNKNOWN_PROTECTION}
    unready = {str(item.name).rstrip("\\:").upper() for item in state.storage.drives if not item.ready}
    if locked:
        names = ", ".join(f"{name}:" for name in sorted(filter(None, locked)))
        return fail(f"BitLocker has locked drives: {names}", Evidence("drives that are not ready", sorted(unready)))
    return ok(Evidence("volumes that BitLocker knows", [item.name for item in volumes]))
