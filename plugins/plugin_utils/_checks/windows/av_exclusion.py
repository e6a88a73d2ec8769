# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Antivirus does not stop the snapshot extension.

Antivirus that kills IaaSBcdrExtension.exe shows itself as a crash of that executable, and one that holds its files as a
sharing violation. Defender logs what it removed and what its rules blocked. Most machines have a product without
exclusions, so only these before a backup that did not succeed are findings. Exclusions of products other than Defender
cannot be read.
"""

from __future__ import annotations

import re

from ..._engine._model import WARNING, Check, Evidence, Source, Stage, Verdict, fail, ok
from ..._facts._types import WindowsState
from .._codes import NO_STATUS
from .._pages import ANTIVIRUS, TROUBLESHOOT_BACKUP
from . import _events, _extension, _last_run, _run_events, _times
from ._needed import need

CHECK = Check(
    aliases=("win_av_exclusion",),
    title="Antivirus lets the snapshot extension run",
    severity=WARNING,
    stage=Stage.HANDLER,
    needs=("security.defender_exclusions",),
    explained_by=(
        "applocker",
        "dotnet",
        "machine_config",
    ),
    error_codes=(*NO_STATUS, "ExtensionVCRedistInstallationFailure", "VMRestorePointInternalError"),
    advice=(
        r"Exclude C:\Packages\Plugins\Microsoft.Azure.RecoveryServices.VMSnapshot and "
        r"C:\WindowsAzure\Logs\Plugins\Microsoft.Azure.RecoveryServices.VMSnapshot in every antivirus product, in "
        "Defender with 'Add-MpPreference -ExclusionPath <folder>'."
    ),
    sources=(
        TROUBLESHOOT_BACKUP,
        ANTIVIRUS,
        Source(
            "Configure and validate exclusions based on file extension and folder location",
            "https://learn.microsoft.com/defender-endpoint/"
            "configure-extension-file-exclusions-microsoft-defender-antivirus",
        ),
    ),
)

EXECUTABLE = r"^IaaSBcdrExtension\.exe"
OWN = r"IaaSBcdrExtension|IaasVmProvider|RecoveryServices\.VMSnapshot|WindowsAzure\\|WaAppAgent"
REMOVED = 1117
"""The event with which Defender takes a file away; what it only stops, it stops in each run anew."""
HELD = r"used by another process|\b(?:0x)?80070020\b"


def judge(state: WindowsState) -> Verdict:
    filters = Evidence("antivirus filter drivers", state.security.get("antivirus_filters") or [])
    excluded = [path for path in state.security.defender_exclusions if re.search(r"packages|windowsazure", path, re.I)]
    spared = Evidence("Defender exclusions for the snapshot extension", excluded)
    blocked = _events.since_boot(state, "defender_blocks", pattern=OWN) if _extension.message(state) else []
    lately = _run_events.not_before_failed_run(state, blocked)
    blocked = [
        one for one in blocked if _times.within_a_day(state, one.get("time")) and (one.id == REMOVED or one in lately)
    ]
    if blocked:
        why = "Microsoft Defender stopped the snapshot extension or the agent"
        return fail(why, *_events.evidence(blocked), spared)
    crashed = _events.since_boot(state, "application_crashes", 1000, pattern=EXECUTABLE)
    crashed = _run_events.not_before_failed_run(state, crashed)
    if crashed and _last_run.succeeded(state):
        # The agent tells whether that was at its exit or in a later command.
        need(state, "agent.aggregate" if state.agent.aggregate is None else "agent.aggregate.handlers")
        crashed = _run_events.after_success(state, crashed) if _extension.message(state) else []
    if crashed:
        why = "IaaSBcdrExtension.exe crashed, as it does when antivirus interferes, and the last run did not succeed"
        return fail(why, *_events.evidence(crashed), filters, spared)
    held = _extension.said(state, HELD)
    if held and state.security.get("antivirus_filters"):
        return fail("A file of the snapshot extension was held by another program, as antivirus does", *held, filters)
    return ok(filters, spared)
