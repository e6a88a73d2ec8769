# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Some disks can only be backed up by an Enhanced policy: Ultra and Premium SSD v2 disks, and machines whose shared
disks are excluded. A machine with Trusted Launch no longer needs one."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Stage, Verdict, not_applicable, ok
from ..._facts._types import AzureState
from .._pages import SUPPORT_MATRIX
from ._limits import limit
from ._pages import ENHANCED
from ._refusal import refused

CHECK = Check(
    title="The policy's kind suits the disks",
    severity=CRITICAL,
    stage=Stage.PROTECTION,
    needs=("policy", "disks"),
    error_codes=("UserErrorUnsupportedStorageType", "UserErrorStandardSSDNotSupported"),
    sources=(ENHANCED, SUPPORT_MATRIX),
    advice="Migrate the item to an Enhanced policy. That cannot be taken back.",
)


def judge(state: AzureState) -> Verdict:
    policy = state.policy
    if policy is None:
        return not_applicable("No policy applies to this machine")
    disks = [disk for disk in state.disks if disk.sku in limit("enhanced_disks") or (disk.shares or 1) > 1]
    if policy.type != "V1" or not disks:
        return ok(policy.fact("type"))
    return refused(
        state,
        "A Standard policy cannot back up what these disks are",
        policy.fact("type"),
        *(fact for disk in disks for fact in (disk.fact("name"), disk.fact("sku"), disk.fact("shares"))),
        disks=disks,
        codes=CHECK.error_codes,
    )
