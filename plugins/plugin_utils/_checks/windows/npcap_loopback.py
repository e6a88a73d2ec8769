# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An Npcap loopback adapter does not keep the agent from finding the Azure host.

Wireshark's packet capture can install a loopback adapter. The agent looks for the Azure host on every adapter by DHCP,
and this one never answers. The lines in the log alone are harmless, because the agent continues with the next adapter;
it is a failure only where the agent found the Azure host on no adapter.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, ok
from ..._facts._types import WindowsState
from .._fabric import reached
from . import _agent_log
from ._advice import RESTART_AGENT
from ._needed import need
from ._pages import TROUBLESHOOT_AGENT_WINDOWS

CHECK = Check(
    aliases=("win_npcap_loopback",),
    title="The Npcap loopback adapter does not disturb the agent",
    severity=WARNING,
    stage=Stage.ADDRESS,
    needs=("dhcp.interfaces",),
    advice=(
        f"Run 'Disable-NetAdapter -InterfaceDescription \"Npcap Loopback Adapter\"', then {RESTART_AGENT}. Install "
        "Npcap again without its loopback adapter if it is needed."
    ),
    sources=(TROUBLESHOOT_AGENT_WINDOWS,),
)


def judge(state: WindowsState) -> Verdict:
    adapters = [
        Evidence("network adapter", f"{adapter.name} ({adapter.description})")
        for adapter in state.dhcp.interfaces
        if adapter.up and "npcap loopback" in f"{adapter.name} {adapter.description}".lower()
    ]
    need(state, "agent")
    failed = _agent_log.lines(
        state, r"did not discover fabric address on interface .*npcap", r"\] +discovered fabric address"
    )
    if not failed:
        return ok(*adapters, why="An Npcap loopback adapter exists and does no harm" if adapters else "")
    if adapters or reached(state) is False:
        why = "The agent looked for the Azure host on the Npcap loopback adapter and found it on no adapter"
        return fail(why, *adapters, *failed)
    return ok(*failed)
