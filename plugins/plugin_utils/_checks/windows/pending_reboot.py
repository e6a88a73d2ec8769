# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A restart that Windows waits for: context beside failed installations."""

from __future__ import annotations

from ..._engine._model import INFO, Check, Stage, Verdict, ok
from ..._engine._state import GuestState

CHECK = Check(
    aliases=("win_pending_reboot",),
    title="No restart is pending",
    severity=INFO,
    stage=Stage.RESILIENCE,
    needs=("identity.pending_reboot",),
    source="Microsoft, troubleshooting Azure VM backup: a pending reboot can stop an extension's installation",
)


def judge(state: GuestState) -> Verdict:
    pending = state.identity.pending_reboot
    names = [name for name in ("component_servicing", "windows_update") if pending[name]]
    return ok(*(pending.fact(name) for name in names), why="A restart is pending" if names else "")
