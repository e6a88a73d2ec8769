# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Control groups: the ledger of every process the lab starts.

A process joins the lab's group before it becomes what it shall be, and so do all its children. To end the lab
is to end what is in the group: no process is missed, and no stale pid can hit a stranger.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from .command import LabError, wait_until

_JOIN = 'while [ "$1" != -- ]; do echo 0 > "$1/cgroup.procs" || exit 125; shift; done; shift; exec "$@"'


def _mounted(kind: str) -> list[Path]:
    """Where hierarchies of a kind (cgroup, cgroup2) are mounted."""
    with open("/proc/self/mountinfo", encoding="utf-8") as mounts:
        lines = [line.split() for line in mounts]
    return [Path(line[4]) for line in lines if line[line.index("-") + 1] == kind]


def unified() -> Path:
    """The mount point of the cgroup2 hierarchy."""
    mounts = _mounted("cgroup2")
    if not mounts:
        raise LabError("Cannot find 'cgroup2': it is not mounted")
    return mounts[0]


def _hierarchies() -> list[Path]:
    # A fresh cpuset group takes no process until it is configured, and the lab has no use for it.
    return [unified(), *(path for path in _mounted("cgroup") if path.name != "cpuset")]


class Group:
    """One named group, the same path in every hierarchy."""

    def __init__(self, path: str):
        self.path = path
        self.ledger = unified() / path

    def child(self, name: str) -> Group:
        return Group(f"{self.path}/{name}")

    def wrap(self, argv: Sequence[str | os.PathLike], *, accounted: bool = False) -> list[str]:
        """A command that joins the group (made here) and then becomes the given one.

        An accounted one joins it in the cgroup1 hierarchies as well: a guest's systemd needs its own there.
        """
        places = [hierarchy / self.path for hierarchy in (_hierarchies() if accounted else [unified()])]
        for place in places:
            place.mkdir(parents=True, exist_ok=True)
        return ["sh", "-c", _JOIN, "join", *map(str, places), "--", *map(str, argv)]

    def pids(self) -> list[int]:
        """Every process in the group and below."""
        return [pid for place in self._tree(self.ledger) for pid in _pids(place)]

    def populated(self) -> bool:
        """Whether a process lives in the group or below."""
        try:
            return "populated 1" in (self.ledger / "cgroup.events").read_text(encoding="ascii")
        except (FileNotFoundError, OSError):
            return False

    def weigh(self, processes: int) -> None:
        """Give the group the CPU time of so many processes; cgroup1 gives any group that of a single one."""
        for place in self._v1("cpu", "cpu.shares"):
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(str(1024 * processes), encoding="ascii")

    def freeze(self, frozen: bool) -> None:
        """Stop or resume every process of the group where it stands."""
        (self.ledger / "cgroup.freeze").write_text("1" if frozen else "0", encoding="ascii")
        state = f"frozen {int(frozen)}"
        events = self.ledger / "cgroup.events"
        wait_until(f"{self.path} {state}", lambda: state in events.read_text(encoding="ascii"))

    def memory(self) -> int | None:
        """Bytes charged to the group, or None where the memory controller does not serve it."""
        for place in (self.ledger / "memory.current", *self._v1("memory", "memory.usage_in_bytes")):
            if place.exists():
                return int(place.read_text(encoding="ascii"))
        return None

    def end(self) -> None:
        """Kill every process of the group, frozen or not, and remove the group."""
        if self.ledger.exists():
            (self.ledger / "cgroup.kill").write_text("1", encoding="ascii")
            wait_until(f"end of {self.path}", lambda: not self.populated(), interval=0.02)
        for hierarchy in _hierarchies():
            for place in self._tree(hierarchy / self.path):
                # A just-killed process may keep its group busy for a moment.
                wait_until(f"removal of {place}", partial(_removed, place), interval=0.02)

    def _v1(self, controller: str, file: str) -> list[Path]:
        mounts = [path for path in _mounted("cgroup") if controller in path.name.split(",")]
        return [path / self.path / file for path in mounts]

    @staticmethod
    def _tree(top: Path) -> Iterator[Path]:
        """The group's directories, the deepest first."""
        for folder, _folders, _files in os.walk(top, topdown=False):
            yield Path(folder)


def leave(group: Group) -> None:
    """Move this process out of the group, so that ending the group does not end its caller."""
    if os.getpid() in group.pids():
        (unified() / "cgroup.procs").write_text("0", encoding="ascii")


def _pids(place: Path) -> list[int]:
    try:
        return [int(word) for word in (place / "cgroup.procs").read_text(encoding="ascii").split()]
    except (FileNotFoundError, OSError):
        return []


def _removed(place: Path) -> bool:
    try:
        place.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True
