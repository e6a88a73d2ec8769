# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Volume Shadow Copy service can start."""

from __future__ import annotations

from .._engine._model import CRITICAL, WINDOWS, Check, Stage, Verdict, fail
from .._engine._state import GuestState
from .._windows import signs
from .._windows.services import must_start

CHECK = Check(
    id="win_vss_service",
    title="The Volume Shadow Copy service can start",
    platforms=(WINDOWS,),
    severity=CRITICAL,
    stage=Stage.FREEZE,
    needs=("services.VSS",),
    explained_by=("win_comsysapp",),
    remedy="win_backup_services",
    source="Microsoft, troubleshooting Azure VM backup: ExtensionFailedVssServiceInBadState",
)


def judge(state: GuestState) -> Verdict:
    verdict = must_start(state, "VSS", "no shadow copy can be made")
    if verdict.status != "ok":
        return verdict
    service, provider = state.services.VSS, state.services.get("swprv")
    if service.state in ("StopPending", "PausePending"):
        return fail(f"The Volume Shadow Copy service is stuck in {service.state}", service.fact("state"))
    if provider is not None and provider.start == 4:
        return fail("Microsoft's shadow copy provider (swprv) is disabled", provider.fact("start"))
    failed = signs.events(
        state, "service_failures", 7000, 7009, 7023, 7024, 7031, 7034, pattern=r"\bVSS\b|Volume Shadow Copy"
    )
    if "VssServiceInBadState" in signs.plugin_message(state):
        return fail(
            "The plugin found the Volume Shadow Copy service in a bad state",
            service.fact("state"),
            *signs.evidence(failed),
        )
    return verdict
