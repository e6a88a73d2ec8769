# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/etc/azure/vmbackup.conf, where there is one, says to the extension what it looks like to a reader."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, ok, warn
from ..._engine._state import Facts, GuestState
from ._snapshot import ended_with

BRANCHES = ("OnAppFailureDoFsFreeze", "OnAppSuccessDoFsFreeze")

CHECK = Check(
    title="vmbackup.conf is understood",
    severity=WARNING,
    stage=Stage.FREEZE,
    needs=("extension.conf",),
    source="VMSnapshotLinux: reading of vmbackup.conf; azure-docs issue 90308",
)


def judge(state: GuestState) -> Verdict:
    conf = state.extension.conf
    failed = ended_with(state, 121, 123)
    lost = _misplaced(state, conf)
    if lost:
        why = "Options stand in the extension's own copy of vmbackup.conf, which nothing reads"
        return fail(why, failed, *lost) if failed else warn(why, *lost)
    if conf is None:
        return ok(why="There is none: its defaults apply")
    if conf.error:
        return warn("The extension cannot read vmbackup.conf and takes its defaults", conf.fact("error"))
    if conf.elsewhere:
        return warn("Options of vmbackup.conf stand in a section where nothing looks", conf.fact("elsewhere"))
    options = conf.options
    skip = options.get("MountsToSkip") or ""
    if any(item != item.strip() for item in skip.split(",")):
        return warn(
            "MountsToSkip has blanks between its mount points: those are not skipped", options.fact("MountsToSkip")
        )
    branch = next((name for name in BRANCHES if options.get(name) is not None), None)
    if branch:
        return warn(f"{branch} is set: any value switches both of its branches off", options.fact(branch))
    return ok(Evidence(conf.origin, "read"))


def _misplaced(state: GuestState, conf: Facts | None) -> list[Evidence]:
    """Options of the unread copy that the right file does not have."""
    copy = state.extension.get("misplaced")
    if copy is None:
        return []
    set_ = conf.options if conf is not None else {}
    return [copy.options.fact(name) for name in copy.options if set_.get(name) is None]
