# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SELinux lets the agent and its extensions run."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, not_applicable, ok, warn
from ..._engine._state import GuestState

CHECK = Check(
    title="SELinux does not block the agent",
    severity=WARNING,
    stage=Stage.HANDLER,
    needs=("security.selinux", "security.denials"),
    error_codes=(
        "UserErrorVmNotInDesirableState",
        "VmNotInDesirableState",
    ),
    source="UserErrorVmNotInDesirableState in the backup troubleshooting article; WALinuxAgent issue 166",
)


def judge(state: GuestState) -> Verdict:
    selinux, denials = state.security.selinux, state.security.denials
    mode = selinux.get("mode") or selinux.configured
    if mode is None and not denials:
        return not_applicable("There is no SELinux")
    # Denials that were only noted are left out: those that are listed were enforced.
    if mode not in ("enforcing", None) or not denials:
        return ok(selinux.fact("mode" if selinux.get("mode") else "configured"))
    evidence = [
        Evidence(entry.origin, f"denied {{ {entry.action} }} {entry.name or ''} for {entry.context}".strip())
        for entry in denials
    ]
    if any("execute" in entry.action.split() for entry in denials):
        return fail("SELinux forbids the agent to execute its extensions", *evidence)
    return warn("SELinux forbids the agent or its extensions something", *evidence)
