# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A vault holds a limited number of items. What it holds goes on being backed up; nothing further can be protected."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, not_applicable, ok, unknown, warn
from ..._facts._types import AzureState
from .._pages import SUPPORT_MATRIX
from ._limits import limit

CHECK = Check(
    title="The vault has room for further items",
    severity=WARNING,
    stage=Stage.RESILIENCE,
    needs=("vault",),
    error_codes=("UserErrorProtectionQuotaExceeded",),
    sources=(SUPPORT_MATRIX,),
    advice="Protect further machines in another vault, or remove items from this one that are no longer needed.",
)


def judge(state: AzureState) -> Verdict:
    vault = state.vault
    if vault is None:
        return not_applicable("No vault protects this machine")
    used, most = vault.used, vault.limit or limit("vault_machines")
    if used is None:
        return unknown("The number of items that the vault holds was not asked for")
    evidence = (vault.fact("used"), vault.fact("limit"))
    if used >= most:
        return warn(f"The vault holds {used:,} items of at most {most:,}", *evidence)
    return ok(*evidence)
