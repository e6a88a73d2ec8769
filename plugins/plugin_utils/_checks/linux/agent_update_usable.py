# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent accepts the versions that it downloads.

An agent that updates itself counts the failures of each downloaded version in ``WALinuxAgent-<version>/error.json``.
After a fatal error or three failures it never starts that version again: it stays old, or with no other version left
does not come up, and backups fail. Versions that it would not start anyway do not count: those that are not newer than
the installed one, and all of them where updates are off.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, ok, warn
from ..._engine._state import Facts
from ..._facts._types import LinuxState
from .._pages import agent_file, agent_issue
from .._versions import version
from ._agent import running
from ._agent_log import logged

CHECK = Check(
    aliases=("agent_update_blacklisted",),
    title="The agent accepts the versions that it downloads",
    severity=WARNING,
    stage=Stage.AGENT,
    needs=("agent.downloaded",),
    explained_by=(
        "python_usable",
        "disk_space",
        "agent_disable_marker",
    ),
    sources=(
        agent_file("azurelinuxagent/ga/guestagent.py"),
        agent_issue(3123, "agent versions stay blacklisted"),
        agent_issue(746, "a version is blacklisted after an update"),
    ),
    advice="Stop the agent, move the directory /var/lib/waagent/WALinuxAgent-<version> of each rejected version away,"
    " and start the agent: it downloads the version again. If it rejects it again, error.json there holds the reason.",
)


def judge(state: LinuxState) -> Verdict:
    newer = _newer(state)
    bad = [entry for entry in newer if entry.blacklisted]
    line = logged(state, "version_blacklisted")
    if not bad and any(entry.blacklisted for entry in state.agent.downloaded):
        return ok(why="Only versions that it would not start were rejected")
    if not bad and not line:
        return ok(why="" if state.agent.downloaded else "No version was downloaded")
    evidence = [Evidence(f"{entry.origin}/error.json", _record(entry)) for entry in bad]
    evidence += [line] if line else []
    names = ", ".join(entry.version for entry in bad)
    why = f"The agent rejected a version that it had downloaded{names and f' ({names})'}"
    key = "A downloaded agent version was rejected"
    if running(state) is False and _starts(state):
        return fail(f"{why} and does not come up without it", *evidence, key=key)
    if bad and not newer[0].blacklisted:
        return ok(*evidence, why="Only an older version was rejected")
    return warn(f"{why} and runs an older one", *evidence, key=key)


def _newer(state: LinuxState) -> list[Facts]:
    """The downloaded versions that the daemon would start in place of the installed one, the newest first."""
    if state.agent.get("uses_downloads") is False:
        return []
    installed = state.agent.get("installed")
    floor = version(installed.version if installed else None)
    return [entry for entry in state.agent.downloaded if version(entry.version) > floor]


def _starts(state: LinuxState) -> bool:
    """The service is meant to run and does not stay up: a stopped one says nothing about versions."""
    unit = state.agent.get("unit")
    return bool(unit) and unit.get("active") in ("activating", "failed")


def _record(entry: Facts) -> str:
    text = f"failure_count {entry.failure_count}, was_fatal {str(entry.was_fatal).lower()}"
    return f"{text}: {entry.reason}" if entry.get("reason") else text
