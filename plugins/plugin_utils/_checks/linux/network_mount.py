# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The extension asks every mount for its size. A network mount whose server is gone lets it hang."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Fix, Stage, Verdict, fail, not_applicable, ok
from ..._facts._types import LinuxState
from .._pages import extension_issue
from ._agent_log import message
from ._extension import signature
from ._extension_conf import option
from ._last_run import ended_well

CHECK = Check(
    title="Network mounts answer",
    severity=WARNING,
    stage=Stage.STORAGE,
    needs=("storage.network",),
    remedies=("vmbackup_conf",),
    sources=(extension_issue(1237, "df hangs on a network mount"),),
    advice=(
        "Make the server answer, or unmount it (`umount -f -l`). The remedy limits the extension to local file systems."
    ),
)


def judge(state: LinuxState) -> Verdict:
    mounts = state.storage.network
    if not mounts:
        return not_applicable("There is no network mount")
    hung = [
        Evidence(f"statfs {mount.target}", f"{mount.fstype} {mount.source}: no answer")
        for mount in mounts
        if mount.answers is False
    ]
    slow = signature(state, "df_timed_out") if not state.live and not ended_well(state) else None
    silent = _silent(state)
    if not hung and not slow and not silent:
        return ok(Evidence(mounts[0].origin, [mount.target for mount in mounts]))
    if option(state, "onlyLocalFilesystems") in ("True", "true"):
        return ok(*hung, why="A network mount hangs, but onlyLocalFilesystems keeps the extension off it")
    return fail(
        "A network mount does not answer: the extension hangs when it asks for its size",
        *hung,
        *filter(None, (slow, silent)),
        fix=Fix("vmbackup_conf", confirm=True, settings={"onlyLocalFilesystems": True}),
    )


def _silent(state: LinuxState) -> Evidence | None:
    """The kernel's last word on a server that did not come back, where nobody can ask the mount itself."""
    system = state.agent.get("system_log") if not state.live and "agent" in state else None
    entry = system.current.get("network_mount_silent") if system else None
    return message(entry, entry.origin) if entry else None
