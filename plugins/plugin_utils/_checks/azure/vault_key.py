# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A vault with a key of one's own neither backs up nor restores while it cannot use that key."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Stage, Verdict, fail, not_applicable, ok
from ..._facts._types import AzureState
from ._pages import VAULT_KEY

CHECK = Check(
    title="The vault can use its own key",
    severity=CRITICAL,
    stage=Stage.POINTS,
    needs=("vault",),
    sources=(VAULT_KEY,),
    advice="Give the vault's identity Get, Wrap Key and Unwrap Key on the key, see that the key is enabled, and save"
    " the vault's encryption settings again.",
)

BAD = ("Failed", "PartiallyFailed")


def judge(state: AzureState) -> Verdict:
    vault = state.vault
    if vault is None:
        return not_applicable("No vault protects this machine")
    if vault.key_status in BAD:
        return fail(f"The last update of the vault's own key ended with {vault.key_status}", vault.fact("key_status"))
    return ok(vault.fact("key_status"))
