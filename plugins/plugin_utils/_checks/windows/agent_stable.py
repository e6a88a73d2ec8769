# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's executables have not crashed since the last boot.

An agent that crashes misses the command of Azure Backup or loses the snapshot that it was taking. One crash that
Windows recovered from is a warning. An agent that is down, or that crashed three times within the last hour, is a
failure: that its service runs at this moment says nothing then.
"""

from __future__ import annotations

import re

from ..._engine._model import WARNING, Check, Source, Stage, Verdict, by_hand, fail, ok, warn
from ..._engine._state import Facts
from ..._facts._types import WindowsState
from . import _events, _times
from ._advice import SERVER_2016
from ._needed import need
from ._pages import TROUBLESHOOT_AGENT_WINDOWS, VM_ASSIST_WINDOWS
from ._services import AGENTS
from ._set_off import set_off

CHECK = Check(
    aliases=("win_agent_crash",),
    title="The agent runs without crashing",
    severity=WARNING,
    stage=Stage.AGENT,
    needs=("services.WindowsAzureGuestAgent",),
    explained_by=(
        "dotnet",
        "enable64bit",
        "wcf_debugging",
        "strong_crypto",
        "disk_space",
        "os_supported",
    ),
    advice=(
        r"Read the exception in C:\WindowsAzure\Logs\WaAppAgent.log and in the Application log, and update the agent. "
        r"If it still crashes, send Azure support the archive that C:\WindowsAzure\Packages\CollectGuestLogs.exe makes."
    ),
    sources=(
        TROUBLESHOOT_AGENT_WINDOWS,
        VM_ASSIST_WINDOWS,
        Source(
            "WindowsVMAgent 20: version 1193 crashes on Windows Server 2008 R2",
            "https://github.com/Azure/WindowsVMAgent/issues/20",
        ),
    ),
)

SERVICES = r"\bRdAgent\b|Windows ?Azure ?Guest ?Agent"
"""The loader of Azure Virtual Desktop is another one: RDAgentBootLoader."""
OFTEN, MINUTES = 3, 60
"""So many crashes within so many minutes are a loop."""
KINDS = ("service_failures", "application_crashes", "dotnet_crashes")
KEEP_OLDER_AGENT = (
    r"The current agent asks for Windows Server 2016. Read the exception in C:\WindowsAzure\Logs\WaAppAgent.log. Where "
    "the crashes began with a new version, install the MSI of the last one that ran from "
    "https://github.com/Azure/WindowsVMAgent/releases. The agent updates itself again, so upgrade Windows soon."
)


def judge(state: WindowsState) -> Verdict:
    by_kind = (
        _events.crashes_of_agent(state, "dotnet_crashes"),
        _events.crashes_of_agent(state, "application_crashes"),
        _events.since_boot(state, "service_failures", 7031, 7034, 7023, 7024, pattern=SERVICES),
    )
    found = [event for events in by_kind for event in events]
    if not found:
        need(state, *(f"events.{kind}" for kind in KINDS))
        return ok()
    text = " ".join(str(item) for event in found for item in event.get("data") or [])
    error = re.search(r"\b(?:\w+\.)+\w*(?:Exception|Error)\b", text)
    cause = f" with {error[0]}" if error else ""
    shown = [*_events.evidence(found), *set_off(state, min(str(event.get("time")) for event in found))]
    times = max(_recent(state, events) for events in by_kind)
    system = state.get("identity", {}).get("os")
    fix = by_hand(KEEP_OLDER_AGENT) if system is not None and system.build < SERVER_2016 else None
    if times >= OFTEN:
        why = f"The agent crashed {times} times within {MINUTES} minutes{cause}"
        return fail(why, *shown, key=f"The agent keeps crashing{cause}", fix=fix)
    services = [state.services.get(name) for name in AGENTS]
    # A mounted disk does not tell whether they run.
    down = any(service is None or service.get("state", "Running") != "Running" for service in services)
    return (fail if down else warn)(f"The agent crashed{cause} since the last boot", *shown, fix=fix)


def _recent(state: WindowsState, events: list[Facts]) -> int:
    ages = (_times.minutes_before_capture(state, event.get("time")) for event in events)
    return sum(age is not None and age <= MINUTES for age in ages)
