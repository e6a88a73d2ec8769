# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Azure Backup takes a limited number of disks of one machine."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, ok
from ..._facts._types import AzureState
from .._pages import SUPPORT_MATRIX
from ._limits import limit
from ._pages import SELECTIVE
from ._refusal import refused, taken

CHECK = Check(
    title="The machine has no more disks than Azure Backup takes",
    severity=CRITICAL,
    stage=Stage.MACHINE,
    needs=("disks",),
    error_codes=("UserErrorBCMUnsupportedDiskCount",),
    sources=(SUPPORT_MATRIX, SELECTIVE),
    advice="Exclude data disks from the backup, or spread them over several machines.",
)


def judge(state: AzureState) -> Verdict:
    disks = [disk for disk in taken(state) if disk.role == "data"]
    count, most = len(disks), limit("data_disks")
    evidence = Evidence(f"{state.vm.origin}: data disks", count)
    if count <= most:
        return ok(evidence)
    return refused(state, f"{count} data disks, of at most {most}", evidence, disks=disks, codes=CHECK.error_codes)
