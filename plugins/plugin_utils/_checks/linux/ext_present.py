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
from ..._facts._types import LinuxState
from .._pages import TROUBLESHOOT_BACKUP, agent_file
from . import _files
from ._advice import REINSTALL
from ._pages import EXTENSIONS_LINUX

CHECK = Check(
    title="The snapshot extension is complete",
    severity=INFO,
    stage=Stage.HANDLER,
    needs=("extension.versions", "extension.installed"),
    explained_by=("disk_space", "av_exclusion"),
    remedies=("snapshot_extension",),
    sources=(TROUBLESHOOT_BACKUP, EXTENSIONS_LINUX, agent_file("azurelinuxagent/ga/exthandlers.py")),
    advice=f"Have the extension installed again: {REINSTALL}.",
)


def judge(state: LinuxState) -> Verdict:
    installed = state.extension.installed
    if installed is None:
        return ok(why="The extension is not installed yet: the first backup installs it")
    gone = _files.gone(state, installed)
    if gone:
        return fail(
            f"The agent counts the snapshot extension as {installed.state}, and {', '.join(gone)} cannot be used",
            *(Evidence(f"{installed.path}/{name}", "missing or damaged") for name in gone),
            installed.fact("state"),
            key=f"Of the snapshot extension {', '.join(gone)} cannot be used",
            fix=Fix("snapshot_extension", force=True),
        )
    return ok(installed.fact("version"))
