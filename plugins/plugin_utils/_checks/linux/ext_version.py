# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The installed version of the snapshot extension is not one that is known to fail here.

A few versions fail on certain systems, whatever is done in the guest: old ones hang on containers' mounts or do not fit
the agent of SLES 15, and one has a freeze helper for newer kernels only. A version whose last backup succeeded here is
not a finding.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, not_applicable, ok, warn
from ..._facts._types import LinuxState
from .._versions import version
from ._advice import REINSTALL
from ._extension import signature
from ._extension_versions import KNOWN_BAD
from ._last_run import ended_well

CHECK = Check(
    aliases=("ext_version_known_bad",),
    title="No known defect of the installed extension applies",
    severity=WARNING,
    stage=Stage.HANDLER,
    needs=("extension.installed", "extension.last_run"),
    sources=tuple(entry.source for entry in KNOWN_BAD),
    advice=f"Get a version without the defect: {REINSTALL}.",
)


def judge(state: LinuxState) -> Verdict:
    installed = state.extension.installed
    if installed is None:
        return not_applicable("The extension is not installed yet")
    evidence = installed.fact("version")
    old_library = signature(state, "old_agent_library")
    if old_library and not ended_well(state):
        return fail(
            f"Version {installed.version} of the snapshot extension does not fit this agent: it cannot read the"
            " agent's configuration",
            evidence,
            old_library,
        )
    if ended_well(state):
        return ok(evidence)
    for entry in KNOWN_BAD:
        if version(entry.first) <= version(installed.version) <= version(entry.last):
            here = _applies(state, entry.where)
            if here:
                return warn(
                    f"Version {installed.version} of the snapshot extension is known to fail here: {entry.because}",
                    evidence,
                    here,
                )
    return ok(evidence)


def _applies(state: LinuxState, where: str) -> Evidence | None:
    if where == "containers":
        run = state.extension.last_run
        return run.fact("frozen") if run is not None and run.freezing and not run.frozen else None
    if where == "sles15":
        system = state.identity.os
        if system is None or not system.id.startswith("sles") or not str(system.version_id).startswith("15"):
            return None
        return system.fact("version_id")
    kernel = state.identity.kernel
    return Evidence("uname", kernel) if version(kernel) < (3, 2) else None
