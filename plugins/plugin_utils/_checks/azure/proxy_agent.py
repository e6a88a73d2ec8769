# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""With the Metadata Security Protocol enforced, the fabric answers allowed processes only. The agent is one of them;
other programs, a probe among them, may be refused."""

from __future__ import annotations

from ..._engine._model import INFO, Check, Stage, Verdict, ok
from ..._facts._types import AzureState

CHECK = Check(
    title="It is known whether the fabric answers allowed processes only",
    severity=INFO,
    stage=Stage.MACHINE,
    needs=("vm.proxy_agent",),
)


def judge(state: AzureState) -> Verdict:
    agent = state.vm.proxy_agent
    if agent is None:
        return ok(state.vm.fact("proxy_agent"))
    evidence = (agent.fact("wire_server"), agent.fact("imds"))
    enforced = "Enforce" in (agent.wire_server, agent.imds)
    return ok(*evidence, why="The fabric answers allowed processes only: a probe may be refused" if enforced else "")
