# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Extensions are unpacked below /var/lib/waagent and started there. A file system that is read-only or mounted noexec
stops all of them."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Stage, Verdict, by_hand, fail, ok, warn
from ..._engine._state import Facts
from ..._facts._types import LinuxState
from .._pages import agent_issue
from ._agent_log import logged
from ._pages import VM_ASSIST_LINUX

CHECK = Check(
    title="The agent's directory is writable, and executables in it can run",
    severity=CRITICAL,
    stage=Stage.HANDLER,
    explained_by=("selinux",),
    explains=("agent_service_running", "agent_goal_state", "agent_activity"),
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
USUAL = "/var/lib/waagent"
RESTORE = (
    "Mount the file system that the link leads to, or replace the link with a directory of root and restart the agent."
    " The temporary disk of a VM loses its content: do not keep the agent's directory there."
)


def judge(state: LinuxState) -> Verdict:
    denied = _denied(state)
    could_not = "The agent could not execute the extension's launcher"
    if denied and ("storage" not in state or "lib_dir" not in state.storage):
        return fail(could_not, *denied)
    place = state.storage.lib_dir
    absent = _no_directory(place)
    if absent:
        return absent
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
    moved = _moved(state)
    if moved:
        return moved
    if place.exists and place.owner not in (0, None):
        return warn(f"{place.path} does not belong to root", place.fact("owner", place.path))
    return ok(*options)


def _no_directory(place: Facts) -> Verdict | None:
    """The agent makes its directory where there is nothing; it cannot replace something else."""
    if place.exists and place.get("is_directory") is False:
        repair = by_hand(f"Move {place.path} away and restart the agent, which creates its directory.")
        return fail(f"{place.path} is not a directory", place.fact("is_directory", place.path), fix=repair)
    if not place.exists and place.leads_to:
        link = place.fact("leads_to", place.path)
        return fail(f"{place.path} is a link to {place.leads_to}, which does not exist", link, fix=by_hand(RESTORE))
    return None


def _moved(state: LinuxState) -> Verdict | None:
    """The extension looks for its certificates in the usual directory, wherever the agent's is."""
    place, extension = state.storage.lib_dir, state.get("extension")
    if place.path == USUAL or not extension or not extension.get("settings"):
        return None
    settings, certificate = extension.settings, extension.get("certificate")
    if certificate is None or certificate.crt and certificate.prv or not settings.protected:
        return None
    why = f"Lib.Dir is {place.path}, and the snapshot extension looks for its certificates in {USUAL}"
    return fail(why, certificate.fact("crt"))


def _denied(state: LinuxState) -> tuple:
    if "extension" not in state:
        return ()
    words = (state.extension.get("agent_log"), state.extension.get("command"))
    denied = tuple(word.fact("denied") for word in words if word is not None and word.denied)
    flag = logged(state, "noexec") if "agent" in state else None
    return (*denied, flag) if flag else denied
