# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""WMI works: the agent's installer and plugins use it."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, ok, unknown, warn
from ..._engine._state import GuestState
from ._services import AUTOMATIC, DISABLED

CHECK = Check(
    aliases=("win_wmi",),
    title="WMI works",
    severity=WARNING,
    stage=Stage.AGENT,
    needs=("services.Winmgmt",),
    source="Microsoft, troubleshooting the Windows Azure guest agent: StdRegProv; VM assist for Windows",
)

OBJECT_REQUIRED = "424"
"""What the installer of the agent writes when the class StdRegProv gives it no object."""


def judge(state: GuestState) -> Verdict:
    service = state.services.Winmgmt
    if service is None or service.start == DISABLED:
        return fail(
            "The service of WMI is disabled or does not exist", Evidence("Winmgmt", service and service.as_dict())
        )
    provider = state.get("wmi", {}).get("std_reg_prov")
    if provider not in (None, 0):
        return fail("The WMI class StdRegProv does not work", Evidence("StdRegProv.GetStringValue", provider))
    agent = state.get("agent")
    told = [
        Evidence("VmAgentInstaller.xml", f"{item.message} ({item.number})")
        for item in ((agent.get("installer_messages") if agent is not None else None) or [])
        if item.number.strip() == OBJECT_REQUIRED
    ]
    if told and provider != 0 and state.services.get("RdAgent") is None:
        return fail("The installer of the agent could not use the WMI class StdRegProv", *told)
    if service.state == "Stopped" and service.start == AUTOMATIC:
        return warn("The service of WMI is stopped", service.fact("state"), *told)
    if provider is None and told:
        return unknown("The installer of the agent once failed on the WMI class StdRegProv", *told)
    return ok(service.fact("state"))
