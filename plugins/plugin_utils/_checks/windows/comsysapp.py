# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The COM+ System Application can start.

The snapshot extension talks to the Volume Shadow Copy service through COM+, and COM+ needs the event system as well.
COM+ starts on demand, so stopped is normal and disabled is not. A stopped service fails this check only where Windows
or the extension say that it could not be started, or, for the event system, where no shadow copy writer is left.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Fix, Stage, Verdict, fail
from ..._engine._state import Facts
from ..._facts._types import WindowsState
from .._pages import TROUBLESHOOT_BACKUP
from . import _events, _extension, _last_run, _run_events
from ._needed import need
from ._pages import SC_CONFIG, TROUBLESHOOT_RESTORE_POINTS
from ._service_rules import must_start
from ._services import shown

CHECK = Check(
    aliases=("win_comsysapp",),
    title="The COM+ System Application can start",
    severity=CRITICAL,
    stage=Stage.FREEZE,
    needs=("services.COMSysApp", "services.EventSystem"),
    explained_by=("service_dependencies", "desktop_heap"),
    error_codes=(
        "ExtensionSnapshotFailedCOM",
        "ExtensionInstallationFailedCOM",
        "ExtensionInstallationFailedMDTC",
        "VMRestorePointClientError",
    ),
    remedies=("win_backup_services",),
    advice=(
        "Run 'sc.exe config EventSystem start= auto', 'sc.exe config COMSysApp start= demand' and 'net start "
        "COMSysApp'. If it does not start, run 'msdtc -uninstall' and 'msdtc -install' and start it again."
    ),
    sources=(TROUBLESHOOT_BACKUP, TROUBLESHOOT_RESTORE_POINTS, SC_CONFIG),
)

SERVICES = ["EventSystem", "COMSysApp"]
OF_COM = r"^(?!.*Event ?System).*(?:COM\+|COMSysApp)"
"""What the service manager tells of COM+ itself: the event system bears its name too."""
INFRASTRUCTURE = r"\b(?:0x)?80042318\b|VSS_E_WRITER_INFRASTRUCTURE"
"""What VSS says where it cannot reach writers by the event system."""
NOT_STARTED = 13
"""Event of VSS: a server of COM cannot be started."""


def judge(state: WindowsState) -> Verdict:
    for name in reversed(SERVICES):
        fix = Fix("win_backup_services", services=SERVICES)
        verdict = must_start(state, name, "shadow copies need COM+", fix, of_system=name == "COMSysApp")
        if verdict.status != "ok":
            return verdict
    service = state.services.COMSysApp
    failed = _when_needed(state, _events.since_boot(state, "service_failures", pattern=OF_COM))
    told = _extension.said(state, r"Extension\w*FailedCOM")
    events = state.services.EventSystem
    refused = _events.since_boot(state, "vss_errors", NOT_STARTED, pattern="EventSystem")
    needed = told or refused or _extension.said(state, INFRASTRUCTURE) or not _writers(state)
    if events is not None and events.state == "Stopped" and needed:
        return fail(
            "The COM+ Event System is stopped, and shadow copies need it",
            *shown(events, "state", "start"),
            *_events.evidence(refused),
            fix=Fix("win_backup_services", started=["EventSystem"]),
        )
    if service is not None and service.state != "Running" and (told or failed):
        return fail(
            "The COM+ System Application is not running and failed when it was needed",
            service.fact("state"),
            *_events.evidence(failed),
            fix=Fix("win_backup_services", started=["COMSysApp"]),
        )
    return verdict


def _when_needed(state: WindowsState, failed: list[Facts]) -> list[Facts]:
    """Failures that no run succeeded after, and not long before one that failed.

    Before the extension is there, nothing is known to need COM+.
    """
    if failed:
        need(state, "extension.versions")
    if _last_run.newest_version(state) is None:
        return []
    failed = _run_events.not_before_failed_run(state, _run_events.after_success(state, failed))
    return _run_events.not_followed_by_success(state, failed)


def _writers(state: WindowsState) -> bool:
    """Whether shadow copy writers are listed, or could not be asked for."""
    backup = state.get("backup")
    return backup is None or "writers" not in backup or bool(backup.writers)
