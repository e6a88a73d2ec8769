# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the settings of a unit take from the agent that it needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..._engine._state import Facts
from ._restriction import Restriction
from ._unit_files import hidden_files, hidden_mounts
from ._unit_limits import resource_limits
from ._unit_rights import missing_rights
from ._unit_settings import Settings, holds, includes


def restrictions(
    entries: Sequence[Facts], paths: Facts, wire: str, interface: str | None, mounts: Sequence[str]
) -> list[Restriction]:
    """What the settings of the agent's unit take from it, the surest first.

    ``wire``: address of the wire server. ``interface``: the primary one, where it is known. ``mounts``: mount points
    that the extension could not freeze.
    """
    settings = Settings(entries)
    files = [*hidden_files(settings, paths), *hidden_mounts(settings, mounts)]
    found = [*missing_rights(settings), *files, *_network(settings, wire, interface), *resource_limits(settings)]
    return sorted(found, key=lambda one: not one.proved)


def _network(settings: Settings, wire: str, interface: str | None) -> Iterator[Restriction]:
    for entry in settings.on("PrivateNetwork"):
        yield Restriction("The agent's service has a network of its own (PrivateNetwork), without any interface", entry)
    for entry in settings.named("NetworkNamespacePath"):
        yield Restriction("The agent's service has another network than the system (NetworkNamespacePath)", entry)
    families = list(settings.named("RestrictAddressFamilies"))
    if families and not holds([entry.value for entry in families], "AF_INET"):
        yield Restriction("systemd forbids the agent's service sockets of IPv4", families[-1])
    links = list(settings.named("RestrictNetworkInterfaces"))
    if links and interface and not holds([entry.value for entry in links], interface.upper()):
        yield Restriction(f"systemd keeps the agent's service from the interface {interface}", links[-1])
    denied = next((entry for word, entry in settings.words("IPAddressDeny") if includes(word, wire)), None)
    if denied and not any(includes(word, wire) for word, _entry in settings.words("IPAddressAllow")):
        yield Restriction(f"systemd drops the packets of the agent's service to {wire}", denied)
