# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proxy variables in the machine's environment, and who reads them.

The agent and the snapshot extension are .NET Framework programs, which do not read HTTP_PROXY and its like. Tools such
as curl do: a test by hand can go another way than the backup. So the variables are shown and not judged.
"""

from __future__ import annotations

from ..._engine._model import INFO, Check, Stage, Verdict, ok
from ..._facts._types import WindowsState
from ._pages import DEFAULT_PROXY, VM_ASSIST_WINDOWS

CHECK = Check(
    aliases=("win_proxy_env",),
    title="Proxy variables of the machine are known",
    severity=INFO,
    stage=Stage.STORAGE,
    needs=("proxy.environment",),
    sources=(VM_ASSIST_WINDOWS, DEFAULT_PROXY),
)


def judge(state: WindowsState) -> Verdict:
    environment = state.proxy.environment
    found = [environment.fact(name) for name in environment]
    return ok(*found, why="The agent does not read these variables; tools such as curl do" if found else "")
