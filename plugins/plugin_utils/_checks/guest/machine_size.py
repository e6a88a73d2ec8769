# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The VM is as large as Azure Backup asks for.

Azure Backup asks for two processors and 1 GB of memory. Backups of smaller VMs often succeed; where one fails, the
snapshot may have been too slow for its time limits.
"""

from __future__ import annotations

from ..._engine._model import LINUX, WARNING, Check, Stage, Verdict, ok, warn
from ..._engine._state import GuestState
from .._pages import SUPPORT_MATRIX
from ..linux._last_run import last_result
from ..windows._last_run import last_status

CHECK = Check(
    title="The VM has two processors and 1 GB of memory",
    severity=WARNING,
    stage=Stage.LOAD,
    needs=("load.cpu", "load.memory", "extension.versions"),
    sources=(SUPPORT_MATRIX,),
    advice="Resize the VM with `az vm resize --resource-group GROUP --name VM --size SIZE`.",
)

CORES, MEMORY_MIB = 2, 800
"""The kernel keeps a part of 1 GB for itself."""


def judge(state: GuestState) -> Verdict:
    cpu, memory = state.load.cpu, state.load.memory
    size = [cpu.fact("cores"), memory.fact("total_mib")]
    if cpu.cores >= CORES and memory.total_mib >= MEMORY_MIB:
        return ok(*size)
    why = "The VM is smaller than Azure Backup asks for"
    return warn(f"{why}, and its last backup failed", *size) if _failed(state) else ok(*size, why=why)


def _failed(state: GuestState) -> bool:
    if state["platform"] == LINUX:
        result = last_result(state)  # type: ignore[arg-type]
        return result is not None and not result.good
    status = last_status(state)  # type: ignore[arg-type]
    return status is not None and status.status == "error"
