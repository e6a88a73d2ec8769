# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The snapshot extension is complete where it is installed.

The first backup installs the extension, so none at all is normal before it. One that the agent counts as installed is
not installed again: without its ``main/handle.sh``, which a clean-up or an antivirus product may have removed, no
later backup can start it.
"""

from __future__ import annotations

from ..._engine._model import INFO, Check, Fix, Stage, Verdict, fail, ok
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
    if installed.state in ("Installed", "Enabled") and not installed.launcher:
        return fail(
            f"The agent counts the snapshot extension as {installed.state}, and its main/handle.sh is missing",
            installed.fact("state"),
            installed.fact("launcher"),
            key="The snapshot extension's main/handle.sh is missing",
            fix=Fix("snapshot_extension", force=True),
        )
    return ok(installed.fact("version"))
