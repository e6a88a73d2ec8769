# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""WMI works.

The agent's installer reads and writes the registry through the WMI class StdRegProv, and extensions ask WMI about the
system. With a damaged repository the installation of the agent fails with error 424. What the installer once wrote
counts only while the agent is missing and WMI has not been proved to work since.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, by_hand, fail, ok, unknown, warn
from ..._facts._types import WindowsState
from ._advice import restore_service
from ._pages import TROUBLESHOOT_AGENT_WINDOWS, VM_ASSIST_WINDOWS
from ._services import AUTOMATIC, DISABLED, absent

CHECK = Check(
    aliases=("win_wmi",),
    title="WMI works",
    severity=WARNING,
    stage=Stage.AGENT,
    needs=("services.Winmgmt",),
    advice=(
        r"Run 'winmgmt /verifyrepository'. If the repository is inconsistent, copy C:\Windows\System32\wbem\Repository "
        "and run 'winmgmt /salvagerepository'; 'winmgmt /resetrepository' is the last resort."
    ),
    sources=(TROUBLESHOOT_AGENT_WINDOWS, VM_ASSIST_WINDOWS),
)

OBJECT_REQUIRED = "424"
"""What the installer of the agent writes when the class StdRegProv gives it no object."""
START = "Run 'sc.exe config Winmgmt start= auto' and 'net start Winmgmt'."


def judge(state: WindowsState) -> Verdict:
    service = state.services.Winmgmt
    if service is None:
        why = "The service Winmgmt of WMI does not exist"
        return fail(why, absent("Winmgmt"), fix=by_hand(restore_service("Winmgmt")))
    if service.start == DISABLED:
        return fail("The service Winmgmt of WMI is disabled", service.fact("start"), fix=by_hand(START))
    provider = state.get("wmi", {}).get("std_reg_prov")
    if provider not in (None, 0):
        why = f"The WMI class StdRegProv answers with error {provider}"
        return fail(why, Evidence("StdRegProv.GetStringValue", provider), key="The WMI class StdRegProv does not work")
    agent = state.get("agent")
    told = [
        Evidence("VmAgentInstaller.xml", f"{item.message} ({item.number})")
        for item in ((agent.get("installer_messages") if agent is not None else None) or [])
        if item.number.strip() == OBJECT_REQUIRED
    ]
    if told and provider != 0 and state.services.get("RdAgent") is None:
        return fail("The installer of the agent could not use the WMI class StdRegProv", *told)
    if service.state == "Stopped" and service.start == AUTOMATIC:
        why = "The service Winmgmt of WMI is stopped, although its start type is automatic"
        return warn(why, service.fact("state"), *told, fix=by_hand(START))
    if provider is None and told:
        return unknown("The installer of the agent once failed on the WMI class StdRegProv", *told)
    return ok(service.fact("state"))
