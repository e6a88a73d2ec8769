# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The instance metadata service tells other checks what Azure knows of this machine. Backup itself does not need it."""

from __future__ import annotations

from ..._engine._model import INFO, Check, Evidence, Stage, Verdict, ok, unknown
from ..._engine._state import GuestState
from .._fabric_answers import refuses
from .._pages import IMDS, METADATA_SECURITY

CHECK = Check(
    title="The instance metadata service answers",
    severity=INFO,
    stage=Stage.FABRIC,
    needs=("fabric.imds",),
    sources=(IMDS, METADATA_SECURITY),
)


def judge(state: GuestState) -> Verdict:
    imds = state.fabric.imds
    if imds.get("instance") is not None:
        return ok(imds.fact("status"))
    if refuses(imds):
        return ok(imds.fact("status"), why="The metadata service answers and refuses this caller")
    said = imds.error or imds.answer_error or f"status {imds.status}"
    return unknown(
        "The metadata service does not describe this machine; backup does not need it", Evidence(imds.origin, said)
    )
