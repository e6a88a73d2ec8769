# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
r"""Installers can create keys below HKLM\SOFTWARE\Classes.

The snapshot extension installs its Visual C++ runtime with the Windows Installer, which fails with error 1401 where
SYSTEM and Administrators may not create keys there, and registers its shadow copy provider there. It is a failure only
where the runtime is still missing, its installation has failed, or the extension was denied access.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, ok, warn
from ..._facts._types import WindowsState
from .._pages import TROUBLESHOOT_BACKUP
from . import _events, _extension, _sddl
from .vcredist import runtimes

CHECK = Check(
    aliases=("win_classes_perm",),
    title=r"SYSTEM can create keys below HKLM\SOFTWARE\Classes",
    severity=WARNING,
    stage=Stage.HANDLER,
    needs=("backup.classes_acl", "backup.vc_runtimes"),
    explains=("ext_status",),
    error_codes=("ExtensionVCRedistInstallationFailure",),
    advice=(
        r"Give SYSTEM and Administrators Full Control of HKLM\SOFTWARE\Classes in regedit (Edit, Permissions), then "
        "run 'Restart-Service WindowsAzureGuestAgent'."
    ),
    sources=(TROUBLESHOOT_BACKUP,),
)


def judge(state: WindowsState) -> Verdict:
    access = state.backup.classes_acl
    failed = _events.evidence(_events.since_boot(state, "installer_errors", 11401, 11402, pattern=r"Software\\Classes"))
    evidence = Evidence(r"access rights of HKLM\SOFTWARE\Classes", access)
    if access is None or not _sddl.grants(access, _sddl.CREATE_KEY, _sddl.SYSTEM, _sddl.ADMINISTRATORS):
        needed = failed or not runtimes(state) or _extension.said(state, rf"VCRedist|{_sddl.DENIED}")
        why = r"SYSTEM and Administrators lack the right to create keys below HKLM\SOFTWARE\Classes"
        return (fail if needed else warn)(why, evidence, *failed)
    if failed and not runtimes(state):
        return fail(r"An installer failed to create a key below HKLM\SOFTWARE\Classes", *failed, evidence)
    return ok(evidence)
