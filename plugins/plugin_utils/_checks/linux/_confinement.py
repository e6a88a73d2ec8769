# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the settings of a unit take from the agent that it needs."""

from __future__ import annotations

import dataclasses
import ipaddress
import re
from collections.abc import Iterable, Iterator, Sequence

from ..._engine._model import Evidence
from ..._engine._state import Facts

NETWORKS = {
    "any": "0.0.0.0/0",
    "localhost": "127.0.0.0/8",
    "link-local": "169.254.0.0/16",
    "multicast": "224.0.0.0/4",
}
"""IPv4 networks that have a name of systemd."""
TRUE = frozenset(("1", "yes", "y", "true", "t", "on"))
MADE = {"StateDirectory": "/var/lib", "LogsDirectory": "/var/log", "RuntimeDirectory": "/run"}
"""Settings that make directories below another one, writable."""
UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40, "%": 1}
LEAST = {
    "MemoryMax": (64 << 20, "too little memory"),
    "TasksMax": (16, "too few processes and threads"),
    "LimitFSIZE": (64 << 20, "too small files"),
    "LimitNOFILE": (64, "too few open files"),
    "CPUQuota": (10, "too little CPU time"),
}
"""What agent and extension need at the least, with room below: bytes, tasks, files, percent."""


_Word = tuple[str, Facts]
"""A word of a setting's value, and the setting."""


@dataclasses.dataclass(frozen=True)
class Restriction:
    """One setting that takes what the agent needs.

    ``proved``: backups fail for certain while it is in force. ``noticed``: the agent itself cannot work then.
    """

    why: str
    entry: Facts
    proved: bool = True
    noticed: bool = True

    @property
    def evidence(self) -> Evidence:
        return Evidence(f"{self.entry.origin}: {self.entry.name}", self.entry.value)


def restrictions(entries: Sequence[Facts], paths: Facts, wire: str) -> list[Restriction]:
    """What the settings of the agent's unit take from it, the surest first. ``wire``: address of the wire server."""
    settings = _Settings(entries)
    found = [*_rights(settings), *_files(settings, paths), *_network(settings, wire), *_resources(settings)]
    return sorted(found, key=lambda one: not one.proved)


class _Settings:
    """The settings in force by name."""

    def __init__(self, entries: Sequence[Facts]) -> None:
        self.entries = entries

    def named(self, *names: str) -> Iterator[Facts]:
        return (entry for entry in self.entries if entry.name in names)

    def on(self, *names: str) -> Iterator[Facts]:
        return (entry for entry in self.named(*names) if entry.value.lower() in TRUE)

    def words(self, *names: str) -> Iterator[_Word]:
        return ((word.strip("\"'"), entry) for entry in self.named(*names) for word in entry.value.split())


def _rights(settings: _Settings) -> Iterator[Restriction]:
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
    if lines and not _holds([entry.value for entry in lines], "CAP_SYS_ADMIN"):
        why = "The agent's service cannot freeze file systems: it does not have CAP_SYS_ADMIN"
        yield Restriction(why, lines[-1], noticed=False)


def _holds(lines: list[str], name: str) -> bool:
    """Whether a list of allowed things, or with a tilde of forbidden ones, lets one of that name through."""
    allowed = lines[0].startswith("~")
    for line in lines:
        if name in line.lstrip("~").upper().split():
            allowed = not line.startswith("~")
    return allowed


def _files(settings: _Settings, paths: Facts) -> Iterator[Restriction]:
    for entry in settings.named("RootDirectory", "RootImage"):
        if entry.value != "/":
            yield Restriction("The agent's service sees another root directory than the system's", entry)
    lib_dir = paths.lib_dir
    made = [(f"{MADE[entry.name]}/{word}", entry) for word, entry in settings.words(*MADE)]
    bound = [(_bound(word), entry) for word, entry in settings.words("BindPaths")]
    hidden = _covering(lib_dir, settings.words("InaccessiblePaths", "TemporaryFileSystem"), bound)
    if hidden:
        yield Restriction(f"systemd hides {lib_dir} from the agent's service", hidden)
    strict = [("/", entry) for entry in settings.named("ProtectSystem") if entry.value == "strict"]
    writable = [*settings.words("ReadWritePaths"), *made, *bound]
    for place in (lib_dir, "/var/log"):
        locked = _covering(place, [*strict, *settings.words("ReadOnlyPaths")], writable)
        if locked:
            yield Restriction(f"{place} is read-only for the agent's service", locked)
            break
    barred = _covering(lib_dir, settings.words("NoExecPaths"), settings.words("ExecPaths"))
    if barred:
        why = f"systemd forbids the agent's service to execute anything in {lib_dir}: no extension can run"
        yield Restriction(why, barred, noticed=False)


def _bound(word: str) -> str:
    """Where a bind mount of the form source:destination:options appears."""
    return (word.lstrip("-").split(":") + [""])[1] or word.split(":")[0]


def _covering(place: str, closed: Iterable[_Word], opened: Iterable[_Word]) -> Facts | None:
    """The setting that closes a place, unless another one opens it, or a directory nearer to it."""
    outer = max(_above(place, closed), key=lambda found: found[0], default=None)
    inner = max(_above(place, opened), key=lambda found: found[0], default=(-1, None))
    return outer[1] if outer and outer[0] > inner[0] else None


def _above(place: str, settings: Iterable[_Word]) -> Iterator[tuple[int, Facts]]:
    for word, entry in settings:
        path = word.lstrip("-+").split(":")[0].rstrip("/") + "/"
        if f"{place}/".startswith(path):
            yield len(path), entry


def _network(settings: _Settings, wire: str) -> Iterator[Restriction]:
    for entry in settings.on("PrivateNetwork"):
        yield Restriction("The agent's service has a network of its own (PrivateNetwork), without any interface", entry)
    families = list(settings.named("RestrictAddressFamilies"))
    if families and not _holds([entry.value for entry in families], "AF_INET"):
        yield Restriction("systemd forbids the agent's service sockets of IPv4", families[-1])
    denied = next((entry for word, entry in settings.words("IPAddressDeny") if _includes(word, wire)), None)
    if denied and not any(_includes(word, wire) for word, _entry in settings.words("IPAddressAllow")):
        yield Restriction(f"systemd drops the packets of the agent's service to {wire}", denied)


def _includes(word: str, address: str) -> bool:
    """Whether an address, network or name of IPAddressDeny= or IPAddressAllow= includes an address."""
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(NETWORKS.get(word, word), strict=False)
    except ValueError:
        return False


def _resources(settings: _Settings) -> Iterator[Restriction]:
    for entry in settings.named(*LEAST):
        least, what = LEAST[entry.name]
        found = re.fullmatch(r"([0-9]+)([KMGT%]?)(?::.*)?", entry.value)
        # A share of the machine's memory or tasks says nothing without the machine.
        known = found and (found[2] == "%") == (entry.name == "CPUQuota")
        if found and known and int(found[1]) * UNITS[found[2]] < least:
            why = f"{entry.name}={entry.value} gives the agent's service {what}"
            yield Restriction(why, entry, proved=False)
    for entry in settings.named("RuntimeMaxSec"):
        if entry.value != "infinity":
            why = f"RuntimeMaxSec={entry.value} ends the agent each time it has run that long"
            yield Restriction(why, entry, proved=False, noticed=False)
