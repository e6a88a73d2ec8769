# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The snapshot extension's launcher finds a Python."""

from __future__ import annotations

from ..._engine._gaps import LIVE
from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, fail, ok, unknown
from ..._engine._state import GuestState

CHECK = Check(
    title="The extension's launcher finds a Python",
    severity=CRITICAL,
    stage=Stage.HANDLER,
    needs=("extension.interpreter",),
    source="VMSnapshotLinux: handle.sh; azure-linux-extensions issues 946, 1204, pull request 1996",
)

NO_PYTHON = 3
"""The launcher's exit status when it tried no interpreter at all."""


def judge(state: GuestState) -> Verdict:
    found = state.extension.interpreter
    candidates = found.candidates
    no_python = _no_python(state)
    if candidates and all(candidate.error for candidate in candidates):
        first = candidates[0]
        return fail(
            "The Python that the snapshot extension's launcher finds does not run",
            Evidence(first.path, first.error),
        )
    if candidates and (state.live or not no_python):
        return ok(Evidence(found.origin, candidates[-1].path))
    if not found.complete and not no_python:
        return unknown("No Python in the tree where the launcher looks: it needs a running system", gap=LIVE)
    return fail(
        "The snapshot extension's launcher finds no Python",
        Evidence(found.origin, "no candidate exists"),
        *no_python,
    )


def _no_python(state: GuestState) -> tuple[Evidence, ...]:
    """The launcher's own word, as long as nothing shows that the extension was started since."""
    launch, installed = state.extension.get("launch"), state.extension.get("installed")
    if installed is not None and installed.get("state") == "Enabled":
        return ()
    if launch is not None:
        return (launch.fact("no_python"),) if launch.no_python else ()
    word = state.extension.get("agent_log")
    return (word.fact("exit_status"),) if word is not None and word.exit_status == NO_PYTHON else ()
