# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The snapshot extension is complete where it is installed.

The first backup installs the extension, so none at all is normal before it. One that the agent counts as installed is
not installed again: without its manifest, an executable that this names, or its launcher, which a clean-up or an
antivirus product may have removed, no later backup can start it.
"""

from __future__ import annotations

from ..._engine._model import INFO, Check, Evidence, Fix, Stage, Verdict, fail, ok
from ..._engine._state import Facts
from ..._facts._types import LinuxState
from .._pages import EXTENSIONS_LINUX, TROUBLESHOOT_BACKUP, agent_file
from ._snapshot import REINSTALL

CHECK = Check(
    title="The snapshot extension is complete",
    severity=INFO,
    stage=Stage.HANDLER,
    needs=("extension.versions", "extension.installed"),
    explained_by=("disk_space",),
    sources=(TROUBLESHOOT_BACKUP, EXTENSIONS_LINUX, agent_file("azurelinuxagent/ga/exthandlers.py")),
    advice=f"Have the extension installed again: {REINSTALL}.",
)


def judge(state: LinuxState) -> Verdict:
    installed = state.extension.installed
    if installed is None:
        return ok(why="The extension is not installed yet: the first backup installs it")
    gone = _gone(state, installed) if installed.state in ("Installed", "Enabled") else []
    if gone:
        return fail(
            f"The agent counts the snapshot extension as {installed.state}, and {', '.join(gone)} cannot be used",
            *(Evidence(f"{installed.path}/{name}", "missing or damaged") for name in gone),
            installed.fact("state"),
            key=f"Of the snapshot extension {', '.join(gone)} cannot be used",
            fix=Fix("snapshot_extension", force=True),
        )
    return ok(installed.fact("version"))


def _gone(state: LinuxState, installed: Facts) -> list[str]:
    """Files without which the agent cannot start the extension."""
    if not installed.launcher:
        return ["main/handle.sh"]
    manifest = installed.manifest
    gone = list(manifest.absent) if manifest is not None else []
    if manifest is not None and manifest.error:
        gone.append("HandlerManifest.json")
    # A saved tree may leave these out: there they count where the extension does not run.
    if state.live or not _runs(state, installed):
        gone += ["HandlerManifest.json"] * (manifest is None) + ["main/handle.py"] * (not installed.program)
    return gone


def _runs(state: LinuxState, installed: Facts) -> bool:
    """The agent calls it ready, and it has answered its last command."""
    word, settings, status = installed.status, state.extension.settings, state.extension.status
    answered = settings is None or (status is not None and status.sequence >= settings.sequence)
    return answered and (word is None or word.status == "Ready")
