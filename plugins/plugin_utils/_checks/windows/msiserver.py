# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Windows Installer service can start.

The snapshot extension installs its Visual C++ runtime with the Windows Installer (msiserver). A disabled installer is
a failure only where the runtime is still missing or its installation has failed; else it is a warning for the next
update.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Fix, Stage, Verdict, by_hand, fail, ok, warn
from ..._facts._types import WindowsState
from .._pages import TROUBLESHOOT_BACKUP
from . import _extension
from ._advice import REPAIR_WINDOWS, restore_service
from ._services import DISABLED, absent
from .vcredist import runtimes

CHECK = Check(
    aliases=("win_msiserver",),
    title="The Windows Installer can start",
    severity=WARNING,
    stage=Stage.HANDLER,
    needs=("services.msiserver", "backup.vc_runtimes"),
    error_codes=("ExtensionVCRedistInstallationFailure",),
    remedies=("win_backup_services",),
    advice=(
        r"Run 'reg add HKLM\SYSTEM\CurrentControlSet\Services\msiserver /v Start /t REG_DWORD /d 3 /f' and reboot. If "
        "installations still fail, run 'msiexec /unregister' and 'msiexec /register'."
    ),
    sources=(TROUBLESHOOT_BACKUP,),
)


def judge(state: WindowsState) -> Verdict:
    service = state.services.msiserver
    if service is None:
        why = "The service of the Windows Installer does not exist"
        return warn(why, absent("msiserver"), fix=by_hand(restore_service("msiserver")))
    judged = fail if _extension.said(state, "VCRedist") or not runtimes(state) else warn
    effect = "the snapshot extension cannot install its Visual C++ runtime"
    if not service.get("image_exists", True):
        why = f"The program of the Windows Installer does not exist: {effect}"
        return judged(why, service.fact("image"), fix=by_hand(REPAIR_WINDOWS))
    if service.start == DISABLED:
        fix = Fix("win_backup_services", services=["msiserver"])
        return judged(f"The Windows Installer is disabled: {effect}", service.fact("start"), fix=fix)
    return ok(service.fact("start"))
