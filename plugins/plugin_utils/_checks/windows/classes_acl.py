# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Installers may create keys below HKLM\\SOFTWARE\\Classes."""

from __future__ import annotations

import re

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, ok, warn
from ..._engine._state import GuestState
from . import _sddl, _signs
from .vcredist import runtimes

CHECK = Check(
    aliases=("win_classes_perm",),
    title=r"SYSTEM may create keys below HKLM\SOFTWARE\Classes",
    severity=WARNING,
    stage=Stage.HANDLER,
    needs=("backup.classes_acl", "backup.vc_runtimes"),
    error_codes=("ExtensionVCRedistInstallationFailure",),
    source="Microsoft, troubleshooting Azure VM backup: Error 1401 of the Windows Installer",
)


def judge(state: GuestState) -> Verdict:
    access = state.backup.classes_acl
    failed = _signs.evidence(_signs.events(state, "installer_errors", 11401, 11402, pattern=r"Software\\Classes"))
    evidence = Evidence(r"access rights of HKLM\SOFTWARE\Classes", access)
    if access is None or not _sddl.grants(access, _sddl.CREATE_KEY, _sddl.SYSTEM, _sddl.ADMINISTRATORS):
        needed = failed or not runtimes(state) or re.search("VCRedist", _signs.plugin_message(state), re.I)
        return (fail if needed else warn)(
            r"SYSTEM and Administrators cannot create keys below HKLM\SOFTWARE\Classes", evidence, *failed
        )
    if failed and not runtimes(state):
        return fail(r"An installer could not create a key below HKLM\SOFTWARE\Classes", *failed, evidence)
    return ok(evidence)
