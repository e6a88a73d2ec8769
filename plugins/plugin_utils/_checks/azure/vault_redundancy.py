# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ultra and Premium SSD v2 disks are backed up to vaults with geo-redundant storage in some regions only."""

from __future__ import annotations

from ..._engine._model import FAIL, WARNING, Check, Stage, Verdict, not_applicable, ok, unknown, warn
from ..._facts._types import AzureState
from .._pages import SUPPORT_MATRIX, docs_issue
from ._jobs import job_says
from ._limits import limit
from ._refusal import refused, taken

CHECK = Check(
    title="The vault's redundancy suits the kinds of disks",
    severity=WARNING,
    stage=Stage.POINTS,
    needs=("vault", "disks"),
    error_codes=("UserErrorUltraDiskOrPremiumSSDV2DiskVMCannotBeProtectedOnGRSVault",),
    sources=(SUPPORT_MATRIX, docs_issue(116318, "Premium SSD v2 and geo-redundant vaults")),
    advice="Where the region is not listed for geo-redundant backup of these disks, protect the machine in a vault"
    " with locally redundant or zone-redundant storage.",
)


def judge(state: AzureState) -> Verdict:
    vault = state.vault
    if vault is None:
        return not_applicable("No vault protects this machine")
    disks = [disk for disk in taken(state) if disk.sku in limit("enhanced_disks")]
    if disks and vault.redundancy is None:
        return unknown("Azure does not say how the vault's storage is replicated", vault.fact("redundancy"))
    if not disks or vault.redundancy != "GeoRedundant":
        return ok(vault.fact("redundancy"))
    kinds = ", ".join(sorted({str(disk.sku) for disk in disks}))
    why = f"Disks of kind {kinds} in a geo-redundant vault, which not every region supports"
    evidence = [vault.fact("redundancy"), *(disk.fact("sku") for disk in disks)]
    found = refused(state, why, *evidence, disks=disks, codes=CHECK.error_codes)
    # Which regions do changes with time: only a job proves that this one does not.
    guessed = found.status == FAIL and not job_says(state, CHECK.error_codes)
    return warn(why, *evidence) if guessed else found
