# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's programs did not crash since the last boot."""

from __future__ import annotations

import re

from ..._engine._model import WARNING, Check, Stage, Verdict, fail, ok, unknown, warn
from ..._engine._state import Facts, GuestState
from . import _signs

CHECK = Check(
    aliases=("win_agent_crash",),
    title="The agent does not crash",
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
    source="Microsoft, troubleshooting the Windows Azure guest agent; VM assist for Windows",
)

PROGRAMS = r"WaAppAgent|WindowsAzureGuestAgent"
SERVICES = r"RdAgent|Windows ?Azure ?Guest ?Agent"
OFTEN, MINUTES = 3, 60
"""So many crashes within so many minutes are a loop: that the service runs right now says nothing."""
KINDS = ("service_failures", "application_crashes", "dotnet_crashes")


def judge(state: GuestState) -> Verdict:
    by_kind = (
        _signs.events(state, "dotnet_crashes", pattern=PROGRAMS),
        _signs.events(state, "application_crashes", pattern=PROGRAMS),
        _signs.events(state, "service_failures", 7031, 7034, 7023, 7024, pattern=SERVICES),
    )
    found = [event for events in by_kind for event in events]
    if not found:
        events = state.get("events", {})
        readable = any(kind in events for kind in KINDS)
        return ok() if readable else unknown("The event log could not be read")
    text = " ".join(str(item) for event in found for item in event.get("data") or [])
    error = re.search(r"\b(?:\w+\.)+\w*(?:Exception|Error)\b", text)
    if any(_recent(state, events) >= OFTEN for events in by_kind):
        why = f"The agent crashes again and again{f' with {error[0]}' if error else ''}"
        return fail(why, *_signs.evidence(found))
    what = f"The agent crashed{f' with {error[0]}' if error else ''} since the last boot"
    running = all(
        state.services.get(name) is not None and state.services[name].state == "Running"
        for name in ("RdAgent", "WindowsAzureGuestAgent")
    )
    return (warn if running else fail)(what, *_signs.evidence(found))


def _recent(state: GuestState, events: list[Facts]) -> int:
    ages = (_signs.minutes_before_capture(state, event.get("time")) for event in events)
    return sum(age is not None and age <= MINUTES for age in ages)
