# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Azure makes no restore point of a disk whose customer-managed key it cannot use. That a key has expired does not
stop it."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Stage, Verdict, fail, ok
from ..._facts._types import AzureState
from .._pages import docs_issue
from ._pages import DISK_KEYS, POINTS

CHECK = Check(
    title="Azure can use the keys of the disks",
    severity=CRITICAL,
    stage=Stage.POINTS,
    needs=("encryption.sets",),
    error_codes=("DiskRestorePointClientError",),
    sources=(DISK_KEYS, POINTS, docs_issue(121652, "expired keys of disk encryption sets")),
    advice="Restore or enable the key in its vault, and give the identity of the disk encryption set Get, Wrap Key"
    " and Unwrap Key on it.",
)


def judge(state: AzureState) -> Verdict:
    sets = state.encryption.sets
    for one in sets:
        if one.rotation_error:
            return fail("A disk encryption set could not take its key", one.fact("id"), one.fact("rotation_error"))
        if one.provisioning_state == "Failed":
            return fail("A disk encryption set has failed", one.fact("id"), one.fact("provisioning_state"))
        key = one.get("key")
        if key is not None and not key.found:
            return fail("The key of a disk encryption set is gone", one.fact("id"), key.fact("found"))
        if key is not None and key.enabled is False:
            return fail("The key of a disk encryption set is disabled", one.fact("id"), key.fact("enabled"))
    state.need_if_asked("encryption.sets.key")
    return ok(*(one.fact("provisioning_state") for one in sets))
