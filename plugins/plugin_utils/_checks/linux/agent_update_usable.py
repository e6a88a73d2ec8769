# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent has not given up the versions that it downloaded."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, ok, warn
from ..._engine._state import GuestState
from ._agent import logged, running

CHECK = Check(
    aliases=("agent_update_blacklisted",),
    title="No downloaded agent version is given up",
    severity=WARNING,
    stage=Stage.AGENT,
    needs=("agent.downloaded",),
    explained_by=(
        "python_usable",
        "disk_space",
        "agent_disable_marker",
    ),
    source="agent's guestagent module: was_fatal, or three failures, in WALinuxAgent-<version>/error.json",
)


def judge(state: GuestState) -> Verdict:
    bad = [entry for entry in state.agent.downloaded if entry.blacklisted]
    newest = state.agent.downloaded[:1]
    line = logged(state, "version_blacklisted")
    if not bad and not line:
        return ok(why="" if newest else "No version was downloaded")
    evidence = [Evidence(f"{entry.origin}/error.json", _record(entry)) for entry in bad]
    evidence += [line] if line else []
    names = ", ".join(entry.version for entry in bad) or "A downloaded version"
    why = f"The agent gave up a version that it had downloaded ({names})"
    if running(state) is False and _starts(state):
        return fail(f"{why} and does not come up without it", *evidence, key="A downloaded agent version was given up")
    if bad and not newest[0].blacklisted:
        return ok(*evidence, why="Only an older version was given up")
    return warn(f"{why} and runs an older one", *evidence, key="A downloaded agent version was given up")


def _starts(state: GuestState) -> bool:
    """The service is meant to run and does not stay up: a stopped one says nothing about versions."""
    unit = state.agent.get("unit")
    return bool(unit) and unit.get("active") in ("activating", "failed")


def _record(entry) -> str:
    text = f"failure_count {entry.failure_count}, was_fatal {str(entry.was_fatal).lower()}"
    return f"{text}: {entry.reason}" if entry.get("reason") else text
