# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows does not wait for a reboot.

While a reboot is pending, the installation of an extension or of its runtime can fail. That alone breaks no backup, so
it is shown next to other findings and never counts by itself. File renames that are pending are not counted: most
machines have some.
"""

from __future__ import annotations

from ..._engine._model import INFO, Check, Stage, Verdict, ok
from ..._facts._types import WindowsState
from .._pages import TROUBLESHOOT_AGENT

CHECK = Check(
    aliases=("win_pending_reboot",),
    title="No reboot is pending",
    severity=INFO,
    stage=Stage.RESILIENCE,
    needs=("identity.pending_reboot",),
    sources=(TROUBLESHOOT_AGENT,),
)


def judge(state: WindowsState) -> Verdict:
    pending = state.identity.pending_reboot
    names = [name for name in ("component_servicing", "windows_update") if pending[name]]
    return ok(*(pending.fact(name) for name in names), why="A reboot is pending" if names else "")
