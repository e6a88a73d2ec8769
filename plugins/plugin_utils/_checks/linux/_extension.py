# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said of the last run of the snapshot extension on Linux, beside its result: by logs and the Azure host."""

from __future__ import annotations

from collections.abc import Sequence

from ..._engine._model import Evidence
from ..._engine._state import Facts
from ..._facts._types import LinuxState
from .._azure_host import FAILED_AT_HOST


def failures(state: LinuxState) -> Sequence[Facts]:
    """Steps of the last run that failed, each with its mount point."""
    run = _run(state)
    return run.failures if run is not None else ()


def signature(state: LinuxState, name: str) -> Evidence | None:
    """Evidence that the last run wrote a known text; see SIGNATURES of the probe."""
    run = _run(state)
    if run is None or name not in run.signatures:
        return None
    return Evidence(run.origin, name)


def refused_by_host(state: LinuxState) -> tuple[int, Evidence] | None:
    """The host's answer, as a number and as evidence, where it failed with the snapshot itself; None where not."""
    answers = (("status", "host_do_snapshot"), ("last_run", "do_snapshot"))
    for record, name in answers:
        said = state.extension.get(record)
        answer = said.get(name) if said is not None else None
        if answer is not None:
            return (answer, said.fact(name)) if answer >= FAILED_AT_HOST else None
    return None


def words(state: LinuxState) -> list[Facts]:
    """What the last command's log, and the agent's, say of how it went; those that there are."""
    said = (state.extension.get("command"), state.extension.get("agent_log"))
    return [word for word in said if word is not None]


def _run(state: LinuxState) -> Facts | None:
    """The last run by the extension's log."""
    return state.extension.get("last_run") if "extension" in state else None
