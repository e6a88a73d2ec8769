# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Visual C++ runtime of the snapshot extension is installed, or can be.

The extension's shadow copy provider needs the x64 runtime of 2013 or newer. The extension brings the installer
(vcredist2013_x64) and runs it; a machine without the runtime is healthy until that has failed.
"""

from __future__ import annotations

import re

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, ok
from ..._facts._types import WindowsState
from .._pages import TROUBLESHOOT_BACKUP, docs_issue
from . import _events, _extension
from ._needed import need
from ._pages import TROUBLESHOOT_RESTORE_POINTS

CHECK = Check(
    aliases=("win_vcredist",),
    title="The extension's Visual C++ runtime can be installed",
    severity=WARNING,
    stage=Stage.HANDLER,
    needs=("backup.vc_runtimes",),
    explained_by=(
        "msiserver",
        "classes_acl",
        "av_exclusion",
        "disk_space",
    ),
    error_codes=(
        "BackUpOperationFailed",
        "BackUpOperationFailedV2",
        "ExtensionVCRedistInstallationFailure",
        "VMRestorePointInternalError",
    ),
    advice=(
        "Run vcredist2013_x64.exe as administrator from "
        r"C:\Packages\Plugins\Microsoft.Azure.RecoveryServices.VMSnapshot\<version>, then start a backup."
    ),
    sources=(
        TROUBLESHOOT_BACKUP,
        docs_issue(38169, "which Visual C++ runtime the extension installs"),
        TROUBLESHOOT_RESTORE_POINTS,
    ),
)

LIBRARY_MISSING = r"DllNotFoundException|\b(?:0x)?8007007E\b|\b(?:0x)?C0000135\b|-1073741515\b"


def judge(state: WindowsState) -> Verdict:
    found = runtimes(state)
    evidence = Evidence("Visual C++ runtimes (x64)", found)
    told = _extension.said(state, "VCRedist")
    if told:
        return fail("The snapshot extension could not install its Visual C++ runtime", evidence, *told)
    missing = _extension.said(state, LIBRARY_MISSING)
    if missing and not found:
        why = "The snapshot extension cannot load a library, and its Visual C++ runtime is not installed"
        return fail(why, evidence, *missing)
    failed = _events.since_boot(state, "installer_errors", pattern=r"Visual C\+\+|vcredist")
    if failed and not found:
        why = "Windows Installer failed on a Visual C++ runtime, and none is installed"
        return fail(why, evidence, *_events.evidence(failed))
    need(state, "extension.versions", *(() if found else ("events.installer_errors",)))
    if not found and state.agent.aggregate is not None:
        need(state, "agent.aggregate.handlers")
    return ok(evidence, why="" if found else "The snapshot extension brings and installs it")


def runtimes(state: WindowsState) -> list[str]:
    """Names of the installed x64 runtimes that the extension can use (2013 and newer)."""
    return [
        item.name
        for item in state.backup.vc_runtimes
        if re.search(r"\b(20(1[3-9]|2\d)|v1[4-9])\b.*x64|x64.*20(1[3-9]|2\d)", item.name, re.I)
    ]
