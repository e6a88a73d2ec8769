# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Python that the snapshot extension gets has what this version of the extension needs.

Python 3.12 removed the modules imp and distutils, and Python 3.13 removed crypt. A version of the extension that
imports one of them exits before it does anything, and Azure retries the backup for hours. The launcher tries its
interpreters in order until one succeeds, so an older Python under an earlier name helps.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..._engine._gaps import LIVE
from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, fail, not_applicable, ok, unknown
from ..._engine._state import Facts
from ..._facts._types import LinuxState
from .._pages import extension_file
from ._advice import REINSTALL
from ._extension import words
from ._extension_versions import NEEDS_OF_KNOWN_BAD, NEVER_LOADS_ON, NEWEST_KNOWN_BAD, NO_REMOVED_MODULES, limit_of

CHECK = Check(
    aliases=("ext_python_unsupported",),
    title="The extension runs on the Python that it gets",
    severity=CRITICAL,
    stage=Stage.HANDLER,
    needs=("extension.interpreter", "extension.installed"),
    error_codes=(
        "GuestAgentPluginInstallCommandProcessingFailed",
        "ExtensionInstallationFailure",
        "ExtensionOperationFailed",
    ),
    sources=(*(limit.source for limit in reversed(NEVER_LOADS_ON)), NO_REMOVED_MODULES, extension_file("handle.sh")),
    advice=f"Get a version that runs here: {REINSTALL}. If that one fails too, install Python 3.11 next to the system's"
    " and link it as /usr/local/bin/python3.8, the name that the launcher tries first.",
)


def judge(state: LinuxState) -> Verdict:
    installed, found = state.extension.installed, state.extension.interpreter
    candidates = [candidate for candidate in found.candidates if not candidate.error]
    if not state.live and (installed is None or not candidates):
        said = _by_log(state)
        if said:
            return said
    if not candidates:
        return not_applicable("The launcher finds no Python that runs")
    if installed is None:
        return _before_first_backup(candidates)
    last = candidates[-1]
    limit = last.version and limit_of(installed.version, last.version)
    if limit:
        return fail(
            f"Version {installed.version} of the snapshot extension does not run on Python {_minor(last)}:"
            f" {limit.because}",
            installed.fact("version"),
            Evidence(last.path, last.version),
        )
    if found.usable:
        return ok(Evidence(found.usable, last.version))
    if last.lacks:
        return fail(
            f"Version {installed.version} of the snapshot extension imports {' and '.join(last.lacks)}, which"
            f" Python {_minor(last)} does not have",
            *(Evidence(one.path, f"Python {one.version} without {', '.join(one.lacks or ())}") for one in candidates),
        )
    return _by_log(state) or unknown("Which modules its Python has: it needs a running system", gap=LIVE)


def _before_first_backup(candidates: Sequence[Facts]) -> Verdict:
    """Azure installs the newest version then, which needs nothing that Python removed."""
    first = candidates[0]
    gone = [name for name in NEEDS_OF_KNOWN_BAD if name in (first.lacks or ())]
    note = f"Versions up to {NEWEST_KNOWN_BAD} would not run on Python {_minor(first)}" if gone else ""
    return ok(Evidence(first.path, first.version), why=note)


def _by_log(state: LinuxState) -> Verdict | None:
    """What the last command, or the agent's word on it, says; nothing once the launcher came back without an error."""
    launch = state.extension.get("launch")
    if launch is not None and launch.returned == 0:
        return None
    for word in words(state):
        if word.get("module"):
            why = f"The snapshot extension imports {word.module}, which its Python does not have"
            return fail(why, word.fact("module"))
    return None


def _minor(candidate: Facts) -> str:
    return ".".join(str(candidate.version).split(".")[:2])
