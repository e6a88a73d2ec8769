# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The snapshot extension's launcher finds a Python.

The extension is written in Python, and its launcher ``handle.sh`` looks for one in ``/usr/bin`` and
``/usr/local/bin`` under a list of names, then for the one that runs the agent. Where it finds none it exits with 3,
and the backup fails. A system with only a Python of its own, such as platform-python, is the usual case.
"""

from __future__ import annotations

from ..._engine._gaps import LIVE
from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, by_hand, fail, ok, unknown
from ..._facts._types import LinuxState
from .._pages import extension_file, extension_issue

CHECK = Check(
    title="The extension's launcher finds a Python",
    severity=CRITICAL,
    stage=Stage.HANDLER,
    needs=("extension.interpreter",),
    explained_by=("ext_present",),
    error_codes=(
        "GuestAgentPluginInstallCommandProcessingFailed",
        "ExtensionInstallationFailure",
        "ExtensionOperationFailed",
    ),
    sources=(
        extension_file("handle.sh"),
        extension_issue(946, "the extension finds no Python on RHEL 8"),
        extension_issue(1204, "an older Python is found first"),
        extension_issue(1996, "Python in /usr/local/bin is found"),
    ),
    advice="Install the distribution's Python 3 so that /usr/bin/python3 exists (`dnf install python3`,"
    " `apt-get install python3`).",
)

NO_PYTHON = 3
"""The launcher's exit status when it tried no interpreter at all."""


def judge(state: LinuxState) -> Verdict:
    found = state.extension.interpreter
    candidates = found.candidates
    no_python = _no_python(state)
    if candidates and all(candidate.error for candidate in candidates):
        first = candidates[0]
        return fail(
            f"The Python that the snapshot extension's launcher finds, {first.path}, does not run",
            Evidence(first.path, first.error),
            key="The Python that the snapshot extension's launcher finds does not run",
            fix=by_hand(f"Run `{first.path} -V` for its error and reinstall the package that owns {first.path}."),
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


def _no_python(state: LinuxState) -> tuple[Evidence, ...]:
    """The launcher's own word, as long as nothing shows that the extension was started since."""
    launch, installed = state.extension.get("launch"), state.extension.get("installed")
    if installed is not None and installed.get("state") == "Enabled":
        return ()
    if launch is not None:
        return (launch.fact("no_python"),) if launch.no_python else ()
    word = state.extension.get("agent_log")
    return (word.fact("exit_status"),) if word is not None and word.exit_status == NO_PYTHON else ()
