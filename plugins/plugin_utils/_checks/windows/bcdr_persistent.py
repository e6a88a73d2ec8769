# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of BcdrAgentPersistentKeys have the type that the plugin reads."""

from __future__ import annotations

from ..._engine._model import INFO, Check, Evidence, Stage, Verdict, ok, warn
from ..._engine._state import GuestState

CHECK = Check(
    aliases=("win_bcdr_persistent",),
    title="Settings of the plugin that outlive its updates",
    severity=INFO,
    stage=Stage.RESILIENCE,
    needs=("backup.bcdr_persistent",),
    error_codes=(
        "ExtensionFailedVssWriterInBadState",
        "ExtensionFailedTimeoutVMNetworkUnresponsive",
    ),
    source="Microsoft, troubleshooting Azure VM backup",
)

DOCUMENTED = ("SnapshotMethod", "CalculateSnapshotTimeFromHost", "SnapshotWithoutThreads")


def judge(state: GuestState) -> Verdict:
    key = state.backup.bcdr_persistent
    found = {name: key[name] for name in key if name in DOCUMENTED} if key is not None else {}
    evidence = [Evidence(f"BcdrAgentPersistentKeys: {name}", f"{v.type} {v.value}") for name, v in found.items()]
    wrong = [name for name, value in found.items() if value.type != "REG_SZ"]
    if wrong:
        return warn(f"{', '.join(wrong)} must be REG_SZ to be read by the plugin", *evidence)
    return ok(*evidence)
