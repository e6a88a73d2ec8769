# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proxy variables of the machine's environment: which clients read them."""

from __future__ import annotations

from ..._engine._model import INFO, Check, Stage, Verdict, ok
from ..._engine._state import GuestState

CHECK = Check(
    aliases=("win_proxy_env",),
    title="Proxy variables of the machine's environment",
    severity=INFO,
    stage=Stage.STORAGE,
    needs=("proxy.environment",),
    source="VM assist for Windows; the agent is .NET Framework, which does not read them",
)


def judge(state: GuestState) -> Verdict:
    environment = state.proxy.environment
    found = [environment.fact(name) for name in environment]
    return ok(*found, why="The agent does not read these variables; tools like curl do" if found else "")
