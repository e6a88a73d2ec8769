# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent that runs is not older than the oldest version that Azure supports.

Azure may refuse extensions on an older agent, and its faults are not fixed any more. Microsoft names one minimum for
all extensions; the older and lower number on the pages of Azure Backup does not lift it. An old agent that works is a
warning, because the next backup can still succeed.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, not_applicable, ok, unknown, warn
from ..._facts._types import WindowsState
from .._codes import NO_REPORT
from .._pages import AGENT_WINDOWS, MINIMUM_AGENT, TROUBLESHOOT_AGENT
from .._versions import version
from ._advice import INSTALL_AGENT

CHECK = Check(
    aliases=("win_agent_version",),
    title="The agent's version is supported",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("agent.guest", "agent.versions"),
    explained_by=("transparent_update",),
    error_codes=(*NO_REPORT, "UserErrorGuestAgentVersionUnsupported"),
    advice=INSTALL_AGENT,
    sources=(MINIMUM_AGENT, AGENT_WINDOWS, TROUBLESHOOT_AGENT),
)


def judge(state: WindowsState) -> Verdict:
    guest, installed = state.agent.guest, [item.guest_agent for item in state.agent.versions if item.get("guest_agent")]
    running = guest.get("GuestAgentVersion") if guest is not None else None
    found = running or max(installed, key=version, default=None)
    if found is None:
        aggregate = state.agent.get("aggregate")
        found = aggregate.get("version") if aggregate is not None else None
    if found is None:
        absent = state.get("services", {}).get("WindowsAzureGuestAgent") is None
        return not_applicable("No agent is installed") if absent else unknown("The agent's version was not found")
    evidence = Evidence(r"HKLM\SOFTWARE\Microsoft\Virtual Machine\Guest: GuestAgentVersion", found)
    minimum = state.want.min_windows_agent_version
    if version(found) < version(minimum):
        return warn(f"The agent is version {found}, older than the minimum {minimum}", evidence)
    return ok(evidence)
