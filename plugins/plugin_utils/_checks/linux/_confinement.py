# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the settings of a unit take from the agent that it needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..._engine._state import Facts
from ._restriction import Restriction
from ._unit_limits import resource_limits
from ._unit_settings import Settings, bound_to, covering, holds, includes

CALLS = (
    (("@NETWORK-IO", "SOCKET", "CONNECT"), "open connections", True),
    (("@PROCESS", "CLONE"), "start other executables", True),
    (("IOCTL",), "freeze file systems", False),
)
"""System calls, or groups of them, and what the agent or its extensions do with these."""

MADE = {"StateDirectory": "/var/lib", "LogsDirectory": "/var/log", "RuntimeDirectory": "/run"}
"""Settings that make directories below another one, writable."""
HOMES = ("/home", "/root", "/run/user")
"""What ProtectHome hides."""


def restrictions(entries: Sequence[Facts], paths: Facts, wire: str, mounts: Sequence[str]) -> list[Restriction]:
    """What the settings of the agent's unit take from it, the surest first.

    ``wire``: address of the wire server. ``mounts``: mount points that the extension could not freeze.
    """
    settings = Settings(entries)
    files = [*_files(settings, paths), *_mounts(settings, mounts)]
    found = [*_rights(settings), *files, *_network(settings, wire), *resource_limits(settings)]
    return sorted(found, key=lambda one: not one.proved)


def _rights(settings: Settings) -> Iterator[Restriction]:
    for entry in settings.named("User"):
        if entry.value not in ("root", "0"):
            yield Restriction(f"The agent's service runs as user {entry.value}, not as root", entry)
    for entry in settings.on("DynamicUser"):
        yield Restriction("The agent's service runs as a user of its own, not as root", entry)
    for entry in settings.on("PrivateUsers"):
        yield Restriction(
            "The agent's service cannot freeze file systems: its root is not the system's", entry, noticed=False
        )
    lines = list(settings.named("CapabilityBoundingSet"))
    if lines and not holds([entry.value for entry in lines], "CAP_SYS_ADMIN"):
        why = "The agent's service cannot freeze file systems: it does not have CAP_SYS_ADMIN"
        yield Restriction(why, lines[-1], noticed=False)
    ambient = [entry.value for entry in settings.named("AmbientCapabilities")]
    for word, entry in settings.words("SecureBits"):
        if word == "noroot" and not (ambient and holds(ambient, "CAP_SYS_ADMIN")):
            why = "The agent's service cannot freeze file systems: its root has no capabilities"
            yield Restriction(why, entry, noticed=False)
    calls = list(settings.named("SystemCallFilter"))
    for names, what, noticed in CALLS:
        if calls and not holds([entry.value for entry in calls], "@SYSTEM-SERVICE", "@KNOWN", *names):
            yield Restriction(f"systemd forbids the agent's service to {what}", calls[-1], noticed=noticed)


def _files(settings: Settings, paths: Facts) -> Iterator[Restriction]:
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


def _mounts(settings: Settings, mounts: Sequence[str]) -> Iterator[Restriction]:
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


def _network(settings: Settings, wire: str) -> Iterator[Restriction]:
    for entry in settings.on("PrivateNetwork"):
        yield Restriction("The agent's service has a network of its own (PrivateNetwork), without any interface", entry)
    for entry in settings.named("NetworkNamespacePath"):
        yield Restriction("The agent's service has another network than the system (NetworkNamespacePath)", entry)
    families = list(settings.named("RestrictAddressFamilies"))
    if families and not holds([entry.value for entry in families], "AF_INET"):
        yield Restriction("systemd forbids the agent's service sockets of IPv4", families[-1])
    denied = next((entry for word, entry in settings.words("IPAddressDeny") if includes(word, wire)), None)
    if denied and not any(includes(word, wire) for word, _entry in settings.words("IPAddressAllow")):
        yield Restriction(f"systemd drops the packets of the agent's service to {wire}", denied)
