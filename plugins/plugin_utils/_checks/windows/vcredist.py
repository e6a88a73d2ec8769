# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Visual C++ runtime of the snapshot provider is there or can be installed."""

from __future__ import annotations

import re

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, ok
from ..._engine._state import GuestState
from . import _signs

CHECK = Check(
    aliases=("win_vcredist",),
    title="The Visual C++ runtime of the plugin is installed",
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
    source="Microsoft, troubleshooting Azure VM backup: ExtensionVCRedistInstallationFailure",
)


def judge(state: GuestState) -> Verdict:
    found = runtimes(state)
    evidence = Evidence("Visual C++ runtimes (x64)", found)
    message = _signs.plugin_message(state)
    if re.search(r"VCRedist", message, re.I):
        return fail("The plugin could not install its Visual C++ runtime", evidence, Evidence("status", message))
    failed = _signs.events(state, "installer_errors", pattern=r"Visual C\+\+|vcredist")
    if failed and not found:
        return fail("The Visual C++ runtime could not be installed", evidence, *_signs.evidence(failed))
    return ok(evidence, why="" if found else "The plugin brings and installs it")


def runtimes(state: GuestState) -> list[str]:
    """Names of the installed x64 runtimes that the plugin can use (2013 and newer)."""
    return [
        item.name
        for item in state.backup.vc_runtimes
        if re.search(r"20(1[3-9]|2\d).*x64|x64.*20(1[3-9]|2\d)", item.name)
    ]
