# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of BcdrAgentPersistentKeys have the type and the words that the snapshot extension reads.

Microsoft documents three values of this key that change how snapshots are taken and that survive updates of the
extension, all of type REG_SZ. A value of another type or with another word has no effect, so a change that someone
believes to be in force is not.
"""

from __future__ import annotations

from ..._engine._model import INFO, Check, Evidence, Stage, Verdict, by_hand, ok, warn
from ..._facts._types import WindowsState
from .._pages import TROUBLESHOOT_BACKUP
from ._bcdr import BY_HAND, as_text, is_clear

CHECK = Check(
    aliases=("win_bcdr_persistent",),
    title="The snapshot extension can read its permanent settings",
    severity=INFO,
    stage=Stage.RESILIENCE,
    needs=("backup.bcdr_persistent",),
    error_codes=(
        "ExtensionFailedVssWriterInBadState",
        "ExtensionFailedTimeoutVMNetworkUnresponsive",
    ),
    remedies=("win_bcdragent",),
    advice=(
        r"Write each value as text: 'reg add HKLM\SOFTWARE\Microsoft\BcdrAgentPersistentKeys /v <name> /t REG_SZ "
        r"/d <value> /f /reg:64'."
    ),
    sources=(TROUBLESHOOT_BACKUP,),
)

DOCUMENTED = ("snapshotmethod", "calculatesnapshottimefromhost", "snapshotwithoutthreads")


def judge(state: WindowsState) -> Verdict:
    key = state.backup.bcdr_persistent
    found = {name: key[name] for name in key if name.lower() in DOCUMENTED} if key is not None else {}
    evidence = [Evidence(f"BcdrAgentPersistentKeys: {name}", f"{v.type} {v.value}") for name, v in found.items()]
    wrong = [name for name, value in found.items() if value.type != "REG_SZ"]
    if wrong:
        clear = all(is_clear(name, found[name].value) for name in wrong)
        return warn(
            f"The snapshot extension ignores {', '.join(wrong)}: not of type REG_SZ",
            *evidence,
            fix=as_text(clear, BY_HAND),
        )
    misspelt = [name for name, value in found.items() if not is_clear(name, value.value)]
    if misspelt:
        why = f"The snapshot extension ignores {', '.join(misspelt)}: not a documented word"
        return warn(why, *evidence, fix=by_hand(BY_HAND))
    return ok(*evidence)
