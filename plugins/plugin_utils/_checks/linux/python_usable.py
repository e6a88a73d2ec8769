# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent is a Python program. The interpreter of its unit, or of its first line, must exist and find the package
azurelinuxagent: the check tries it."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Fix, Stage, Verdict, by_hand, not_applicable, ok, unknown
from ..._engine._state import Facts
from ..._facts._types import LinuxState
from .._pages import agent_issue
from ._agent import at_next_start

CHECK = Check(
    title="The agent's Python can load the agent",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("agent.interpreter",),
    explained_by=("agent_installed",),
    remedies=("agent_version",),
    sources=(
        agent_issue(2728, "the agent's package is missing for the new Python"),
        agent_issue(2699, "interpreter of the shebang"),
    ),
    advice=(
        "Reinstall the agent's package for the Python that the distribution provides (`apt-get install "
        "--reinstall walinuxagent`, `dnf reinstall WALinuxAgent`), or correct the interpreter in the agent's "
        "unit."
    ),
)

REMOVE = (
    "Remove {0} from the agent's unit (`systemctl cat` shows it), run `systemctl daemon-reload` and start the agent."
)


def judge(state: LinuxState) -> Verdict:
    python = state.agent.interpreter
    if python is None:
        return not_applicable("Nothing names the agent's interpreter")
    if not python.exists:
        why = f"The agent cannot start: its interpreter {python.command} does not exist"
        return at_next_start(state, why, Evidence(f"{python.origin}: interpreter", f"{python.command}: no such file"))
    spoilt_by = python.get("spoilt_by", [])
    if spoilt_by:
        why = f"The agent cannot start: {python.command} cannot load it with the variables that its unit sets"
        set_there = [Evidence(one.origin, one.name) for one in spoilt_by]
        repair = by_hand(REMOVE.format(", ".join(one.name for one in spoilt_by)))
        return at_next_start(state, why, *set_there, python.fact("error"), fix=repair)
    imports = python.get("imports")
    if imports is False:
        return at_next_start(
            state,
            f"The agent cannot start: {python.command} cannot load it",
            Evidence(f"{python.origin}: {python.command} -c 'import azurelinuxagent.agent'", python.error),
            *_package(python),
            key=f"{python.command} cannot load the agent: {python.error}",
        )
    lacks = python.lacks if imports is None and not state.live else None
    if lacks:
        names = " and ".join(lacks)
        why = f"The agent cannot start: it imports {names}, which Python {python.version} does not have"
        return at_next_start(state, why, _here(python), python.fact("lacks"), fix=Fix("agent_version", state="latest"))
    if imports is None and (python.get("package_elsewhere") if state.live else python.package_elsewhere):
        why = f"The agent cannot start: {python.command} is Python {python.version}, its package belongs to another"
        return at_next_start(state, why, _here(python), *_package(python))
    if imports is None and (state.live or not python.get("resolved")):
        return unknown("The agent's interpreter was not tried")
    return ok(Evidence(f"{python.origin}: interpreter", python.resolved))


def _here(python: Facts) -> Evidence:
    return Evidence(f"{python.origin}: {python.command}", python.resolved)


def _package(python: Facts) -> tuple[Evidence, ...]:
    place = python.get("package_elsewhere")
    return (Evidence("the agent's Python package", place),) if place else ()
