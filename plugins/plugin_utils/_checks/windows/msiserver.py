# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Windows Installer is not disabled: the plugin installs its runtime with it."""

from __future__ import annotations

import re

from ..._engine._model import WARNING, Check, Stage, Verdict, fail, ok, warn
from ..._engine._state import GuestState
from . import _signs
from ._services import DISABLED
from .vcredist import runtimes

CHECK = Check(
    aliases=("win_msiserver",),
    title="The Windows Installer can start",
    severity=WARNING,
    stage=Stage.HANDLER,
    needs=("services.msiserver", "backup.vc_runtimes"),
    error_codes=("ExtensionVCRedistInstallationFailure",),
    source="Microsoft, troubleshooting Azure VM backup: ExtensionVCRedistInstallationFailure",
)


def judge(state: GuestState) -> Verdict:
    service = state.services.msiserver
    if service is None:
        return warn("The service of the Windows Installer does not exist")
    if service.start != DISABLED:
        return ok(service.fact("start"))
    needed = re.search(r"VCRedist", _signs.plugin_message(state), re.I) or not runtimes(state)
    why = "The Windows Installer is disabled: the plugin cannot install its Visual C++ runtime"
    return (fail if needed else warn)(why, service.fact("start"))
