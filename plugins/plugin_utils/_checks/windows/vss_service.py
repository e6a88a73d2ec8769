# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Volume Shadow Copy service can start."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Stage, Verdict, fail
from ..._engine._state import GuestState
from . import _signs
from ._services import must_start

CHECK = Check(
    aliases=("win_vss_service",),
    title="The Volume Shadow Copy service can start",
    severity=CRITICAL,
    stage=Stage.FREEZE,
    needs=("services.VSS",),
    explained_by=("comsysapp",),
    error_codes=("ExtensionFailedVssServiceInBadState",),
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
    failed = _signs.events(
        state, "service_failures", 7000, 7009, 7023, 7024, 7031, 7034, pattern=r"\bVSS\b|Volume Shadow Copy"
    )
    if "VssServiceInBadState" in _signs.plugin_message(state):
        return fail(
            "The plugin found the Volume Shadow Copy service in a bad state",
            service.fact("state"),
            *_signs.evidence(failed),
        )
    return verdict
