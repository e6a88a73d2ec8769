# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The COM+ System Application can start."""

from __future__ import annotations

import re

from ..._engine._model import CRITICAL, Check, Stage, Verdict, fail
from ..._engine._state import GuestState
from . import _signs
from ._services import must_start

CHECK = Check(
    aliases=("win_comsysapp",),
    title="The COM+ System Application can start",
    severity=CRITICAL,
    stage=Stage.FREEZE,
    needs=("services.COMSysApp", "services.EventSystem"),
    error_codes=(
        "ExtensionSnapshotFailedCOM",
        "ExtensionInstallationFailedCOM",
        "ExtensionInstallationFailedMDTC",
        "VMRestorePointClientError",
    ),
    source="Microsoft, troubleshooting Azure VM backup: ExtensionSnapshotFailedCOM",
)


def judge(state: GuestState) -> Verdict:
    for name in ("COMSysApp", "EventSystem"):
        verdict = must_start(state, name, "shadow copies need COM+")
        if verdict.status != "ok":
            return verdict
    service = state.services.COMSysApp
    failed = _signs.events(state, "service_failures", pattern=r"COM\+|COMSysApp")
    told = re.search(r"Extension\w*FailedCOM", _signs.plugin_message(state))
    if service.state != "Running" and (told or failed):
        return fail("The COM+ System Application does not start", service.fact("state"), *_signs.evidence(failed))
    return verdict
