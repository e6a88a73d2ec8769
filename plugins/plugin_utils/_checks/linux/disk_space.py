# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Agent and extension have space and inodes where they write.

On a full file system the agent can store neither its goal state nor the snapshot extension, and a backup fails before
it begins. An agent without openssl, or one whose extension handler crashes in a loop, fills its own directories.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, ok, warn
from ..._engine._state import Facts
from ..._facts._types import LinuxState
from .._pages import agent_issue
from ._pages import VM_ASSIST_LINUX

NONE_MIB = 1.0

CHECK = Check(
    title="The agent has free space where it writes",
    severity=WARNING,
    stage=Stage.AGENT,
    needs=("storage.space",),
    # A handler that crashes in a loop fills the disk with its log; without openssl each try leaves a directory behind.
    explained_by=(
        "exthandler_stable",
        "openssl",
    ),
    error_codes=("ExtensionInstallationFailure",),
    sources=(
        agent_issue(3080, "the agent uses up all inodes"),
        agent_issue(1674, "without openssl the agent uses up all inodes"),
        agent_issue(2336, "a crash loop filled the disk with waagent.log"),
        VM_ASSIST_LINUX,
    ),
    advice="Find what fills the file system with `df -h`, `df -i` and `du -xh --max-depth=2`, and delete it or enlarge"
    " the disk. Old files in /var/lib/waagent/events and /var/lib/waagent/history can be deleted.",
)


def judge(state: LinuxState) -> Verdict:
    worst = ok(*(_evidence(place) for place in state.storage.space))
    lib_dir = state.storage.lib_dir.path
    for place in state.storage.space:
        full = _full(place)
        if full and lib_dir in place.paths:
            why = f"No free {full} for {lib_dir}"
            return fail(why + _eater(place), _evidence(place), key=why)
        if full:
            why = f"No free {full} on {place.mount}"
            worst = warn(why + _eater(place), _evidence(place), key=why)
        elif worst.status == "ok" and _short(place, state):
            why = f"{place.mount} is nearly full"
            worst = warn(f"{why}: {_use(place)}{_eater(place)}", _evidence(place), key=why)
    return worst


def _full(place: Facts) -> str | None:
    if place.free_inodes == 0:
        return "inodes"
    return "space" if place.root_free_mib < NONE_MIB else None


def _short(place: Facts, state: LinuxState) -> bool:
    want = state.want
    percent = max(place.used_percent, place.inodes_used_percent or 0)
    # A small partition of its own (a separate /tmp) may well be full to its last megabytes.
    return percent > want.max_disk_percent or place.free_mib < min(want.min_free_mib, place.total_mib / 10)


def _eater(place: Facts) -> str:
    """What fills it, when the probe had to look."""
    if place.entries is not None and place.entries.count > 10000:
        return f" ({place.entries.count:,} files in {place.entries.path})"
    if place.largest is not None and place.largest.mib > place.total_mib / 10:
        return f" ({place.largest.path} takes {place.largest.mib:,.0f} MiB)"
    return ""


def _evidence(place: Facts) -> Evidence:
    return Evidence(f"statvfs {place.mount}", _use(place))


def _use(place: Facts) -> str:
    inodes = f", inodes {place.inodes_used_percent} % used" if place.inodes_used_percent is not None else ""
    return f"{place.used_percent} % used, {place.free_mib:,} MiB free{inodes}"
