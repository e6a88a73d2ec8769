# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IMDS answers. Backup does not need it: it tells other checks what the platform knows of this machine."""

from __future__ import annotations

from ..._engine._model import INFO, Check, Evidence, Stage, Verdict, ok, unknown
from ..._engine._state import GuestState

CHECK = Check(
    title="The instance metadata service answers",
    severity=INFO,
    stage=Stage.FABRIC,
    needs=("fabric.imds",),
    source="azure-docs: Azure Instance Metadata Service",
)


def judge(state: GuestState) -> Verdict:
    imds = state.fabric.imds
    if imds.get("instance") is not None:
        return ok(imds.fact("status"))
    said = imds.error or imds.answer_error or f"status {imds.status}"
    return unknown("IMDS does not describe this machine; backup does not need it", Evidence(imds.origin, said))
