# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A second daemon of the agent exits as soon as it finds the first one's process id file; files of two versions mix."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, ok, warn
from ..._facts._types import LinuxState
from .._pages import agent_issue

CHECK = Check(
    aliases=("duplicate_agents",),
    title="Only one agent is installed",
    severity=WARNING,
    stage=Stage.RESILIENCE,
    needs=("agent.other_units",),
    sources=(agent_issue(2336, "files of two versions"),),
    advice=(
        "Disable one of the services, or remove the copy that no package owns (`pip list`, `dpkg -S`, `rpm "
        "-qf`), and restart the agent."
    ),
)


def judge(state: LinuxState) -> Verdict:
    units = state.agent.other_units
    if units:
        own = [state.agent.unit.name] if state.agent.unit is not None else []
        return warn("Two services start the agent", Evidence("units", ", ".join([*own, *units])))
    if state.agent.get("daemons", 0) > 1:
        return warn("Several daemons of the agent are running", state.agent.fact("daemons", "processes"))
    # What lies with a Python that was removed, nothing loads.
    places = [one for one in state.agent.get("modules", []) if one.version and one.get("python_exists") is not False]
    if len({place.version for place in places}) > 1:
        evidence = [Evidence(place.path, place.version) for place in places]
        return warn("The agent is installed in several versions", *evidence)
    return ok(Evidence("units", "one"))
