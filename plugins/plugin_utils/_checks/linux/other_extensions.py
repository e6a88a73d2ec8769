# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The other extensions of the VM are healthy.

Azure sets the state of the whole VM by its extensions: while one has failed the VM counts as Failed, and while one
never ends it counts as Updating. Backup jobs are then refused, though nothing is wrong with backup itself.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict
from ..._facts._types import LinuxState
from .._extensions import ERROR_CODES, others
from .._pages import TROUBLESHOOT_BACKUP
from ._handler import FAILURES
from ._pages import EXTENSIONS_LINUX

CHECK = Check(
    title="The other extensions are healthy",
    severity=WARNING,
    stage=Stage.HANDLER,
    needs=("extension.handlers",),
    explained_by=(
        "agent_goal_state",
        "disk_space",
        "lib_dir_exec",
        "openssl",
        "agent_certificates",
        "extensions_enabled",
        "hostga_tcp_32526",
    ),
    error_codes=ERROR_CODES,
    sources=(TROUBLESHOOT_BACKUP, EXTENSIONS_LINUX),
    advice="Fix what its message names, or remove the extension from the VM (`az vm extension delete --resource-group"
    " GROUP --vm-name VM --name NAME`). Then reapply the VM's model with `az vm reapply` and start an on-demand"
    " backup.",
)


def judge(state: LinuxState) -> Verdict:
    return others(state.extension.handlers, FAILURES, stated=True)
