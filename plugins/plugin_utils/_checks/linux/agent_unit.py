# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent has a service of one of the names that distributions give it.

Without a service nothing starts the agent after a reboot, and no backup is taken. The service is ``walinuxagent`` on
Ubuntu, Debian and Devuan, and ``waagent`` elsewhere; aliases are resolved.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, ok
from ..._facts._types import LinuxState
from .._pages import agent_file
from ._agent import at_next_start
from ._pages import AGENT_LINUX

CHECK = Check(
    aliases=("agent_unit_name",),
    title="The agent has a service",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("agent.unit",),
    explained_by=("agent_installed",),
    keeps_agent_down=True,
    sources=(AGENT_LINUX, agent_file("azurelinuxagent/common/osutil/debian.py"), agent_file("init/waagent.service")),
    advice="Reinstall the agent's package, which brings the service, then enable and start it.",
)


def judge(state: LinuxState) -> Verdict:
    unit = state.agent.unit
    if unit is not None:
        return ok(unit.fact("name"))
    looked = Evidence("units and start scripts walinuxagent, waagent", "absent")
    return at_next_start(state, "Nothing starts the agent: there is no service walinuxagent or waagent", looked)
