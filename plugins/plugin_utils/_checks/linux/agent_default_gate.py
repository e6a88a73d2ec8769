# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The switch that the agent's start script obeys is on.

Ubuntu's upstart job and Devuan's start script read ``/etc/default/walinuxagent``. Anything but
``WALINUXAGENT_ENABLED=1`` stops the upstart job without an error, and so does a missing file: there is then no agent
to take a backup's order.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Stage, Verdict, not_applicable, ok
from ..._facts._types import LinuxState
from .._pages import agent_file
from ._agent import at_next_start

CHECK = Check(
    title="/etc/default/walinuxagent allows the agent to start",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("agent.default_gate",),
    explained_by=("agent_installed",),
    keeps_agent_down=True,
    sources=(agent_file("init/ubuntu/walinuxagent.conf"), agent_file("init/devuan/walinuxagent")),
    advice="Write the line WALINUXAGENT_ENABLED=1 to /etc/default/walinuxagent and run `service walinuxagent start`.",
)


def judge(state: LinuxState) -> Verdict:
    gate = state.agent.default_gate
    if gate is None or not gate.required:
        return not_applicable("The agent's service has no such switch")
    if gate.value == "1":
        return ok(gate.fact("value"))
    found = "not set" if gate.value is None else f"'{gate.value}'"
    return at_next_start(
        state,
        f"WALINUXAGENT_ENABLED is {found}: the start script exits before it starts the agent",
        gate.fact("value"),
        key="WALINUXAGENT_ENABLED is not 1",
    )
