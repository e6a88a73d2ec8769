# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of a systemd unit: the words of their values, and what they let through, in systemd's grammar."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Sequence

from ..._engine._state import Facts

_NETWORKS = {
    "any": "0.0.0.0/0",
    "localhost": "127.0.0.0/8",
    "link-local": "169.254.0.0/16",
    "multicast": "224.0.0.0/4",
}
"""IPv4 networks that have a name of systemd."""

_TRUE = frozenset(("1", "yes", "y", "true", "t", "on"))

Word = tuple[str, Facts]
"""A word of a setting's value, and the setting."""


class Settings:
    """The settings in force by name."""

    def __init__(self, entries: Sequence[Facts]) -> None:
        self.entries = entries

    def named(self, *names: str) -> Iterator[Facts]:
        return (entry for entry in self.entries if entry.name in names)

    def on(self, *names: str) -> Iterator[Facts]:
        return (entry for entry in self.named(*names) if entry.value.lower() in _TRUE)

    def words(self, *names: str) -> Iterator[Word]:
        return ((word.strip("\"'"), entry) for entry in self.named(*names) for word in entry.value.split())


def holds(lines: list[str], *names: str) -> bool:
    """Whether a list of allowed things, or with a tilde of forbidden ones, lets one of these names through."""
    allowed = lines[0].startswith("~")
    for line in lines:
        if any(word.split(":")[0] in names for word in line.lstrip("~").upper().split()):
            allowed = not line.startswith("~")
    return allowed


def bound_to(word: str) -> str:
    """Where a bind mount of the form source:destination:options appears."""
    return (word.lstrip("-").split(":") + [""])[1] or word.split(":")[0]


def covering(place: str, closed: Iterable[Word], opened: Iterable[Word]) -> Facts | None:
    """The setting that closes a place, unless another one opens it, or a directory nearer to it."""
    outer = max(_above(place, closed), key=lambda found: found[0], default=None)
    inner = max(_above(place, opened), key=lambda found: found[0], default=(-1, None))
    return outer[1] if outer and outer[0] > inner[0] else None


def _above(place: str, settings: Iterable[Word]) -> Iterator[tuple[int, Facts]]:
    for word, entry in settings:
        path = word.lstrip("-+").split(":")[0].rstrip("/") + "/"
        if f"{place}/".startswith(path):
            yield len(path), entry


def includes(word: str, address: str) -> bool:
    """Whether an address, network or name of IPAddressDeny= or IPAddressAllow= includes an address."""
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(_NETWORKS.get(word, word), strict=False)
    except ValueError:
        return False
