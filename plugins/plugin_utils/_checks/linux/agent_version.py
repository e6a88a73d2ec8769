# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent that runs is not older than the oldest supported version.

Azure supports extensions only from this version on, and most agent failures of backups on Linux come from old agents.
What runs counts, not the package: an agent may have updated itself. Being old alone proves no failure; errors that a
version explains have checks of their own.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Fix, Stage, Verdict, ok, unknown, warn
from ..._facts._types import LinuxState
from .._codes import NO_REPORT, NO_STATUS
from .._pages import MINIMUM_AGENT, TROUBLESHOOT_AGENT
from .._versions import version
from ._pages import UPDATE_AGENT_LINUX

CHECK = Check(
    aliases=("agent_version_min",),
    title="The agent's version is supported",
    severity=CRITICAL,
    stage=Stage.RESILIENCE,
    needs=("agent.version",),
    explained_by=(
        "os_supported",
        "agent_update_usable",
    ),
    error_codes=(*NO_REPORT, *NO_STATUS, "UserErrorGuestAgentVersionUnsupported"),
    remedies=("agent_version",),
    sources=(MINIMUM_AGENT, UPDATE_AGENT_LINUX, TROUBLESHOOT_AGENT),
    advice="Upgrade the agent's package from the distribution's repository. Where that holds no newer one, set"
    " AutoUpdate.UpdateToLatestVersion=y in waagent.conf and restart the agent.",
)


def judge(state: LinuxState) -> Verdict:
    stated = state.agent.version
    if stated.value is None:
        return unknown("No file and no process says which version of the agent this is")
    wanted = state.want.min_agent_version
    if version(stated.value) >= version(wanted):
        return ok(stated.fact("value"))
    return warn(
        f"The agent {stated.value} is older than {wanted}, the oldest supported version",
        stated.fact("value"),
        fix=Fix("agent_version", state="latest", minimum=wanted),
    )
