# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files and mount points that the settings of a unit leave the agent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..._engine._state import Facts
from ._restriction import Restriction
from ._unit_settings import Settings, bound_to, covering

MADE = {"StateDirectory": "/var/lib", "LogsDirectory": "/var/log", "RuntimeDirectory": "/run"}
"""Settings that make directories below another one, writable."""
BINARIES = re.compile(r"(?:/usr)?/bin/?|/run/current-system/.*|/nix/.*")
"""Where a system has the executables that every script needs."""
HOMES = ("/home", "/root", "/run/user")
"""What ProtectHome hides."""


def hidden_files(settings: Settings, paths: Facts) -> Iterator[Restriction]:
    """Settings that hide files of the agent, or keep it from writing or executing them."""
    for entry in settings.named("RootDirectory", "RootImage"):
        if entry.value != "/":
            yield Restriction("The agent's service sees another root directory than the system's", entry)
    for entry in settings.named("ProcSubset"):
        if entry.value == "pid":
            why = "systemd hides most of /proc from the agent's service, the list of mounts included"
            yield Restriction(why, entry, proved=False, noticed=False)
    lib_dir = paths.lib_dir
    made = [(f"{MADE[entry.name]}/{word}", entry) for word, entry in settings.words(*MADE)]
    bound = [(bound_to(word), entry) for word, entry in settings.words("BindPaths")]
    hidden = covering(lib_dir, settings.words("InaccessiblePaths", "TemporaryFileSystem"), bound)
    if hidden:
        yield Restriction(f"systemd hides {lib_dir} from the agent's service", hidden)
    strict = [("/", entry) for entry in settings.named("ProtectSystem") if entry.value == "strict"]
    writable = [*settings.words("ReadWritePaths"), *made, *bound]
    bound_read_only = [(bound_to(word), entry) for word, entry in settings.words("BindReadOnlyPaths")]
    for place in (lib_dir, "/var/log"):
        locked = covering(place, [*strict, *settings.words("ReadOnlyPaths"), *bound_read_only], writable)
        if locked:
            yield Restriction(f"{place} is read-only for the agent's service", locked)
            break
    barred = covering(lib_dir, settings.words("NoExecPaths"), settings.words("ExecPaths"))
    if barred:
        why = f"systemd forbids the agent's service to execute anything in {lib_dir}: no extension can run"
        yield Restriction(why, barred, noticed=False)
    for entry in settings.named("PATH"):
        if not any(BINARIES.fullmatch(folder) for folder in entry.value.split(":")):
            why = "PATH of the agent's service leads to no directory of the system's executables: no extension can run"
            yield Restriction(why, entry, noticed=False)


def hidden_mounts(settings: Settings, mounts: Sequence[str]) -> Iterator[Restriction]:
    """Where systemd puts something empty in the place of a mount point, the extension freezes that instead."""
    homes = [*settings.on("ProtectHome"), *(entry for entry in settings.named("ProtectHome") if entry.value == "tmpfs")]
    hidden = [
        *settings.words("InaccessiblePaths", "TemporaryFileSystem"),
        *((path, entry) for entry in homes for path in HOMES),
    ]
    bound = [(bound_to(word), entry) for word, entry in settings.words("BindPaths", "BindReadOnlyPaths")]
    for mount in mounts:
        entry = covering(mount, hidden, bound)
        if entry:
            why = f"systemd hides {mount} from the agent's service: the extension cannot freeze its file system"
            yield Restriction(why, entry, noticed=False)
