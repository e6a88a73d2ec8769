# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Extensions are unpacked below /var/lib/waagent and started there. A file system that is read-only or mounted noexec
stops all of them."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Stage, Verdict, by_hand, fail, ok, warn
from ..._facts._types import LinuxState
from .._pages import agent_issue
from ._agent_log import logged
from ._extension import words
from ._lib_dir import covered, moved_away, no_directory
from ._pages import VM_ASSIST_LINUX

CHECK = Check(
    title="The agent's directory is writable, and executables in it can run",
    severity=CRITICAL,
    stage=Stage.HANDLER,
    explained_by=("selinux",),
    explains=("agent_service_running", "agent_goal_state", "agent_activity", "agent_certificates"),
    sources=(
        agent_issue(1388, "noexec on /var"),
        VM_ASSIST_LINUX,
    ),
    advice=(
        "Remount the file system with `mount -o remount,exec,rw` and correct its line in /etc/fstab. Where "
        "Lib.Dir was moved, set it back to /var/lib/waagent in waagent.conf and move the directory; the "
        "agent's directory must belong to root."
    ),
)


def judge(state: LinuxState) -> Verdict:
    denied = _denied(state)
    could_not = "The agent could not execute the extension's launcher"
    if denied and ("storage" not in state or "lib_dir" not in state.storage):
        return fail(could_not, *denied)
    place = state.storage.lib_dir
    absent = no_directory(place)
    if absent:
        return absent
    hidden = covered(state)
    if hidden:
        return hidden
    mount = place.mount
    options = [mount.fact("options", f"{mount.origin}: {mount.target}")] if mount is not None else []
    if mount is not None and place.noexec:
        why = f"{mount.target} is mounted noexec: no extension in {place.path} can run"
        return fail(why, *options, *denied)
    if mount is not None and place.read_only:
        return fail(f"{mount.target} is read-only: the agent cannot write to {place.path}", *options)
    if place.get("immutable"):
        repair = by_hand(f"Run `chattr -i {place.path}`, and find out what made it immutable.")
        why = f"{place.path} is immutable: not even root can create files there"
        return fail(why, place.fact("immutable", place.path), fix=repair)
    if denied and not state.live:
        return fail(could_not, *denied)
    moved = moved_away(state)
    if moved:
        return moved
    if place.exists and place.owner not in (0, None):
        return warn(f"{place.path} does not belong to root", place.fact("owner", place.path))
    return ok(*options)


def _denied(state: LinuxState) -> tuple:
    if "extension" not in state:
        return ()
    denied = tuple(word.fact("denied") for word in reversed(words(state)) if word.denied)
    flag = logged(state, "noexec") if "agent" in state else None
    return (*denied, flag) if flag else denied
