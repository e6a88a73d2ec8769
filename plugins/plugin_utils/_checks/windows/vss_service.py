# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Volume Shadow Copy service and its software provider can start.

Azure Backup takes snapshots of Windows guests through this service (VSS), which starts Microsoft's provider (swprv).
Both start on demand and stop when idle, so stopped is normal. Disabled, stuck while stopping, or called bad by the
extension is not.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Fix, Stage, Verdict, by_hand, fail
from ..._facts._types import WindowsState
from .._pages import ABOUT_BACKUP, TROUBLESHOOT_BACKUP
from . import _events, _extension
from ._needed import need
from ._pages import SC_CONFIG
from ._service_rules import must_start

CHECK = Check(
    aliases=("win_vss_service",),
    title="The Volume Shadow Copy service can start",
    severity=CRITICAL,
    stage=Stage.FREEZE,
    needs=("services.VSS",),
    explained_by=("comsysapp", "service_dependencies"),
    error_codes=("ExtensionFailedVssServiceInBadState",),
    remedies=("win_backup_services",),
    advice="Run 'sc.exe config VSS start= demand' and 'sc.exe config swprv start= demand'.",
    sources=(TROUBLESHOOT_BACKUP, ABOUT_BACKUP, SC_CONFIG),
)

RESTART = "Run 'net stop VSS' and 'net start VSS'. If the service does not stop or start, reboot the VM."


def judge(state: WindowsState) -> Verdict:
    # What it depends on may be fixed first: a disabled service stays disabled.
    enable = Fix("win_backup_services", own=True, services=["VSS", "swprv"])
    verdict = must_start(state, "VSS", "no shadow copy can be made", enable, of_system=True)
    service, provider = state.services.VSS, state.services.get("swprv")
    if service is None or verdict.status != "ok":
        return verdict
    if provider is not None:
        of_provider = must_start(state, "swprv", "Microsoft's provider makes the shadow copies", enable, of_system=True)
        if of_provider.status != "ok":
            return of_provider
    if service.state in ("StopPending", "PausePending"):
        why = f"The Volume Shadow Copy service is stuck in {service.state}"
        return fail(why, service.fact("state"), fix=by_hand(RESTART))
    failed = _events.since_boot(
        state, "service_failures", 7000, 7009, 7023, 7024, 7031, 7034, pattern=r"\bVSS\b|Volume Shadow Copy"
    )
    if _extension.said(state, "VssServiceInBadState"):
        return fail(
            "The snapshot extension found the Volume Shadow Copy service in a bad state",
            service.fact("state"),
            *_events.evidence(failed),
            fix=by_hand(RESTART),
        )
    need(state, "extension.versions")
    return verdict
