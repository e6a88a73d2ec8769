# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Distributed Transaction Coordinator runs as Network Service."""

from __future__ import annotations

import re

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, fail, ok
from ..._engine._state import GuestState
from . import _signs
from ._services import must_start

CHECK = Check(
    aliases=("win_msdtc",),
    title="MSDTC runs as Network Service",
    severity=CRITICAL,
    stage=Stage.FREEZE,
    needs=("services.MSDTC", "backup.msdtc_account_sid"),
    explained_by=("comsysapp",),
    error_codes=(
        "ExtensionSnapshotFailedCOM",
        "ExtensionInstallationFailedCOM",
        "ExtensionInstallationFailedMDTC",
        "VMRestorePointClientError",
    ),
    source="Microsoft, troubleshooting Azure VM backup: ExtensionInstallationFailedMDTC",
)

NETWORK_SERVICE = "S-1-5-20"


def judge(state: GuestState) -> Verdict:
    verdict = must_start(state, "MSDTC", "shadow copies need the transaction coordinator")
    if verdict.status != "ok":
        return verdict
    service, sid = state.services.MSDTC, state.backup.msdtc_account_sid
    account = Evidence("MSDTC: account", f"{service.account} ({sid})")
    if sid != NETWORK_SERVICE:
        return fail("MSDTC does not run as Network Service", account)
    told = re.search(r"Extension\w*(MDTC|MSDTC)", _signs.plugin_message(state))
    if service.state == "Stopped" and told:
        return fail("MSDTC is stopped and the plugin failed for want of it", service.fact("state"))
    return ok(account, service.fact("state"))
