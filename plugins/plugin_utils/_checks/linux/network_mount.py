# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No mount over a network hangs: the extension asks every mount for its size."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, not_applicable, ok
from ..._engine._state import GuestState
from ._snapshot import ended_well, option, signature

CHECK = Check(
    title="Mounts over a network answer",
    severity=WARNING,
    stage=Stage.STORAGE,
    needs=("storage.network",),
    source="azure-linux-extensions pull requests 1562 and 2180, issue 1237",
)


def judge(state: GuestState) -> Verdict:
    mounts = state.storage.network
    if not mounts:
        return not_applicable("Nothing is mounted over a network")
    hung = [
        Evidence(f"statfs {mount.target}", f"{mount.fstype} {mount.source}: no answer")
        for mount in mounts
        if mount.answers is False
    ]
    slow = signature(state, "df_timed_out") if not state.live and not ended_well(state) else None
    if not hung and not slow:
        return ok(Evidence(mounts[0].origin, [mount.target for mount in mounts]))
    if option(state, "onlyLocalFilesystems") in ("True", "true"):
        return ok(*hung, why="A mount over a network hangs, but onlyLocalFilesystems keeps the extension off it")
    return fail(
        "A mount over a network does not answer: the extension hangs when it asks for its size",
        *hung,
        *filter(None, (slow,)),
    )
