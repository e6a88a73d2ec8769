# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the agent itself recorded of DHCP, the wire server and its installer.

The agent writes these values at its start, and they help to read other findings. Their words are not documented, so
they are shown as evidence and never judged.
"""

from __future__ import annotations

from ..._engine._model import INFO, Check, Stage, Verdict, not_applicable, ok
from ..._facts._types import WindowsState
from ._pages import VM_ASSIST_WINDOWS

CHECK = Check(
    aliases=("win_guest_key_status",),
    title="The agent's own record of DHCP and the wire server is known",
    severity=INFO,
    stage=Stage.AGENT,
    needs=("agent.guest",),
    sources=(VM_ASSIST_WINDOWS,),
)

NAMES = ("DHCPStatus", "WireServerStatus", "GuestAgentStatus", "TransparentInstallerStatus")


def judge(state: WindowsState) -> Verdict:
    guest = state.agent.guest
    if guest is None:
        return not_applicable("The agent has not written its key")
    source = r"HKLM\SOFTWARE\Microsoft\Virtual Machine\Guest"
    return ok(*(guest.fact(name, source) for name in NAMES if name in guest))
