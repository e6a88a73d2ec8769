# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The other extensions of the VM are healthy.

Azure sets the state of the whole VM by its extensions: while one has failed the VM counts as Failed, and while one
never ends it counts as Updating. Backup jobs are then refused, though nothing is wrong with backup itself.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Source, Stage, Verdict, not_applicable
from ..._facts._types import WindowsState
from .._extensions import ERROR_CODES, others
from .._pages import TROUBLESHOOT_BACKUP

CHECK = Check(
    title="The other extensions are healthy",
    severity=WARNING,
    stage=Stage.HANDLER,
    needs=("agent.aggregate",),
    explained_by=("agent_status", "guestagent_running", "disk_space", "hostga_tcp_32526"),
    error_codes=ERROR_CODES,
    sources=(
        TROUBLESHOOT_BACKUP,
        Source(
            "Azure VM extensions and features for Windows",
            "https://learn.microsoft.com/azure/virtual-machines/extensions/features-windows",
        ),
    ),
    advice="Fix what its message names, or remove the extension from the VM (`az vm extension delete --resource-group"
    " GROUP --vm-name VM --name NAME`). Then reapply the VM's model with `az vm reapply` and start an on-demand"
    " backup.",
)


def judge(state: WindowsState) -> Verdict:
    report = state.agent.aggregate
    if report is None:
        return not_applicable("The agent has not reported extensions yet")
    return others(report.handlers, {}, stated=False)
