# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Antivirus does not stop the snapshot plugin."""

from __future__ import annotations

import re

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, ok
from ..._engine._state import GuestState
from . import _signs

CHECK = Check(
    aliases=("win_av_exclusion",),
    title="Antivirus lets the plugin run",
    severity=WARNING,
    stage=Stage.HANDLER,
    needs=("security.defender_exclusions",),
    explained_by=(
        "applocker",
        "dotnet",
        "machine_config",
    ),
    error_codes=(
        "GuestAgentSnapshotTaskStatusError",
        "ExtensionOperationFailedForManagedDisks",
        "ExtensionVCRedistInstallationFailure",
        "VMRestorePointInternalError",
    ),
    source="Microsoft, troubleshooting Azure VM backup: VMRestorePointInternalError",
)

PROGRAM = r"IaaSBcdrExtension\.exe"


def judge(state: GuestState) -> Verdict:
    filters = Evidence("antivirus filter drivers", state.security.get("antivirus_filters") or [])
    excluded = [path for path in state.security.defender_exclusions if re.search(r"packages|windowsazure", path, re.I)]
    spared = Evidence("Defender exclusions for the plugin", excluded)
    crashed = _signs.events(state, "application_crashes", 1000, pattern=PROGRAM)
    # That a product is there and excludes nothing is how most machines are: only its harm is a finding.
    if crashed and not _signs.last_run_succeeded(state):
        why = "IaaSBcdrExtension.exe crashes: antivirus must exclude the folders of the plugin and of its logs"
        return fail(why, *_signs.evidence(crashed), filters, spared)
    return ok(filters, spared)
