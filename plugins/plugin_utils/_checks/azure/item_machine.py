# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An item belongs to one resource id and one unique id of a machine. After a move to another group, a new name, or a
machine made anew, the item backs up a machine that is no more, and nothing backs up the new one."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Stage, Verdict, fail, ok
from ..._facts._types import AzureState
from .._pages import docs_issue
from ._protection import active

CHECK = Check(
    title="The item in the vault is that of this very machine",
    severity=CRITICAL,
    stage=Stage.PROTECTION,
    needs=("protection.items", "protection.former"),
    error_codes=("UserErrorVmNotFoundV2", "BCMV2VMNotFound", "ResourceNotFound", "UserErrorGenericResourceNotFound"),
    sources=(docs_issue(35727, "backup after a machine was moved"),),
    advice="Stop protection of the former machine's item and keep its data, then enable backup for this machine. Its"
    " old recovery points stay with the former item.",
)


def judge(state: AzureState) -> Verdict:
    former = state.protection.former
    evidence = [fact for item in former for fact in (item.fact("id"), item.fact("source_id"))]
    if former and not active(state):
        return fail("The vault protects a former machine of this name: this one was moved or made anew", *evidence)
    return ok(*evidence)
