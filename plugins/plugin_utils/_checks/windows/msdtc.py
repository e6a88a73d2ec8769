# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Distributed Transaction Coordinator runs as Network Service.

COM+, and with it the snapshot extension, needs the transaction coordinator (MSDTC). It starts on demand, so stopped is
normal. Under another account, or disabled, COM+ reports that it cannot talk to it. The account is compared by its
identifier S-1-5-20, because its name is translated.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Fix, Stage, Verdict, fail, ok
from ..._facts._types import WindowsState
from .._pages import TROUBLESHOOT_BACKUP
from . import _extension
from ._pages import SC_CONFIG, TROUBLESHOOT_RESTORE_POINTS
from ._service_rules import must_start

CHECK = Check(
    aliases=("win_msdtc",),
    title="MSDTC runs as Network Service",
    severity=CRITICAL,
    stage=Stage.FREEZE,
    needs=("services.MSDTC", "backup.msdtc_account_sid"),
    explained_by=("comsysapp", "service_dependencies"),
    error_codes=(
        "ExtensionSnapshotFailedCOM",
        "ExtensionInstallationFailedCOM",
        "ExtensionInstallationFailedMDTC",
        "VMRestorePointClientError",
    ),
    remedies=("win_backup_services",),
    advice=(
        r"""Run 'sc.exe config MSDTC start= auto obj= "NT AUTHORITY\NetworkService"' and 'net start MSDTC', """
        "then start COM+ with 'net start COMSysApp'. If that fails, run 'msdtc -uninstall' and 'msdtc -install'."
    ),
    sources=(TROUBLESHOOT_BACKUP, TROUBLESHOOT_RESTORE_POINTS, SC_CONFIG),
)

NETWORK_SERVICE = "S-1-5-20"


def judge(state: WindowsState) -> Verdict:
    # Applications may rest on the coordinator as it is: that is for their owner to agree to.
    enable = Fix("win_backup_services", confirm=True, own=True, services=["MSDTC"])
    verdict = must_start(state, "MSDTC", "shadow copies need the transaction coordinator", enable)
    service = state.services.MSDTC
    if service is None or verdict.status != "ok":
        return verdict
    sid = state.backup.msdtc_account_sid
    account = Evidence("MSDTC: account", f"{service.account} ({sid})")
    if sid != NETWORK_SERVICE:
        why = f"MSDTC runs as {service.account}, not as Network Service"
        return fail(why, account, key="MSDTC does not run as Network Service", fix=enable)
    told = _extension.said(state, r"Extension\w*(MDTC|MSDTC)")
    if service.state == "Stopped" and told:
        return fail(
            "MSDTC is stopped, and the last backup failed because of it",
            service.fact("state"),
            fix=Fix("win_backup_services", confirm=True, own=True, started=["MSDTC"]),
        )
    return ok(account, service.fact("state"))
