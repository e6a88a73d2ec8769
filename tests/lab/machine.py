# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the labs of this machine share and the last one puts back: limits, guard routes, directories."""

from __future__ import annotations

import os
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path

from .command import read_int, run
from .files import get_json, put_json
from .locking import locked
from .settings import NETWORK, RUN_ROOT, WIRE_SERVER

# Every guest's systemd, journald and udev draw on one quota of root's; the usual 128 last for twenty guests.
LIMITS = {
    "/proc/sys/fs/inotify/max_user_instances": 16384,
    "/proc/sys/fs/inotify/max_user_watches": 1048576,
}
# A command run by mistake outside the lab's namespace must fail at once instead of going out.
GUARDED = (NETWORK, f"{WIRE_SERVER}/32")
NETNS_DIR = Path("/run/netns")
NSPAWN_DIR = Path("/run/systemd/nspawn")

_RECORD = RUN_ROOT / "machine.json"
LOCK = Path("/run/vmbackup-lab.lock")


@dataclass
class _Shared:
    """The machine's state before the first lab, as far as the labs changed it."""

    instances: list[str] = field(default_factory=list)
    limits: dict[str, int] = field(default_factory=dict)
    routes: list[str] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    netns_mount: bool = False


def enlist(instance: str) -> None:
    """Prepare the machine for one more lab."""
    with locked(LOCK):
        shared = _load()
        if instance not in shared.instances:
            shared.instances.append(instance)
        _save(shared)
        _prepare(shared)


def dismiss(instance: str) -> None:
    """Take a lab off the list; the last one leaves the machine as the first one found it."""
    with locked(LOCK):
        shared = _load()
        shared.instances = [name for name in shared.instances if name != instance]
        if shared.instances:
            _save(shared)
            return
        _restore(shared)
        shutil.rmtree(RUN_ROOT, ignore_errors=True)
        LOCK.unlink(missing_ok=True)


def instances() -> list[str]:
    """The labs that are up, or were not taken down."""
    return _load().instances


def _load() -> _Shared:
    return _Shared(**get_json(_RECORD, {}))


def _save(shared: _Shared) -> None:
    RUN_ROOT.mkdir(parents=True, exist_ok=True)
    put_json(_RECORD, asdict(shared))


def _prepare(shared: _Shared) -> None:
    """Each change is on record before it is made, so that a crash in between leaves nothing unknown."""
    for path, wanted in LIMITS.items():
        value = read_int(path)
        if value < wanted:
            shared.limits[path] = value
            _save(shared)
            Path(path).write_text(str(wanted), encoding="ascii")
    for target in GUARDED:
        if not run(["ip", "-4", "route", "show", "exact", target]).stdout.strip():
            shared.routes.append(target)
            _save(shared)
            run(["ip", "route", "add", "unreachable", target])
    for folder in (NETNS_DIR, NSPAWN_DIR):
        if not folder.exists():
            shared.made.append(str(folder))
            _save(shared)
            folder.mkdir(parents=True)
    if not os.path.ismount(NETNS_DIR):
        shared.netns_mount = True
        _save(shared)


def _restore(shared: _Shared) -> None:
    for path, value in shared.limits.items():
        if read_int(path) == LIMITS[path]:
            Path(path).write_text(str(value), encoding="ascii")
    for target in shared.routes:
        run(["ip", "route", "del", "unreachable", target], check=False)
    # The first 'ip netns add' mounts the directory on itself; other tools' namespaces may need it by now.
    if shared.netns_mount and os.path.ismount(NETNS_DIR) and not any(NETNS_DIR.iterdir()):
        run(["umount", NETNS_DIR])
    for path in reversed(shared.made):
        try:
            os.rmdir(path)
        except OSError:
            continue
