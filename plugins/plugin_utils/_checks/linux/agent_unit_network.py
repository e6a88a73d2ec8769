# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's unit lets it use the network.

systemd can keep a single service from networks, addresses or kinds of sockets. A hardening drop-in that does so cuts
the agent off from the Azure host, while every other process of the guest, and a probe, reaches it.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from ..._engine._model import WARNING, Check, Evidence, Source, Stage, Verdict, fail, not_applicable, ok, warn
from ..._engine._state import Facts
from ..._facts._types import LinuxState
from .._fabric import wire_address
from .._pages import FABRIC_ADDRESS
from ._agent import has_reported

CHECK = Check(
    title="The agent's unit lets it use the network",
    severity=WARNING,
    stage=Stage.FABRIC,
    needs=("agent.unit",),
    explains=("wire_http_80", "wire_route", "hostga_tcp_32526", "agent_goal_state", "agent_status"),
    sources=(
        Source(
            "systemd.resource-control: IPAddressAllow, IPAddressDeny",
            "https://www.freedesktop.org/software/systemd/man/latest/systemd.resource-control.html",
        ),
        FABRIC_ADDRESS,
    ),
    advice="Remove the setting from the drop-in, or allow 168.63.129.16 and AF_INET there; then run `systemctl"
    " daemon-reload` and restart the agent.",
)

NAMED = {
    "any": ("0.0.0.0/0", "::/0"),
    "localhost": ("127.0.0.0/8", "::1/128"),
    "link-local": ("169.254.0.0/16", "fe80::/64"),
    "multicast": ("224.0.0.0/4", "ff00::/8"),
}
TRUE = ("1", "yes", "true", "on")


def judge(state: LinuxState) -> Verdict:
    unit = state.agent.unit
    if unit is None or unit.kind != "systemd":
        return not_applicable("The agent has no unit of systemd")
    settings = unit.network
    evidence = [Evidence(one.origin, f"{one.name}={one.value}") for one in settings]
    why = _cut_off(settings, wire_address(state))
    if why is None:
        return ok(*evidence)
    if has_reported(state):
        return warn(f"{why}; the running agent works in spite of it", *evidence)
    return fail(why, *evidence)


def _cut_off(settings: Sequence[Facts], address: str) -> str | None:
    if any(one.value.lower() in TRUE for one in _of(settings, "PrivateNetwork")):
        return "The agent's unit has a network of its own (PrivateNetwork), without any interface"
    if _holds(settings, "IPAddressDeny", address) and not _holds(settings, "IPAddressAllow", address):
        return f"The agent's unit denies the agent packets to {address}"
    families = _words(settings, "RestrictAddressFamilies")
    excluded = bool(families) and families[0].startswith("~")
    if families and ("AF_INET" in (word.lstrip("~") for word in families)) == excluded:
        return "The agent's unit denies the agent sockets of IPv4"
    return None


def _of(settings: Sequence[Facts], name: str) -> Sequence[Facts]:
    return [one for one in settings if one.name == name]


def _words(settings: Sequence[Facts], name: str) -> list[str]:
    return [word for one in _of(settings, name) for word in one.value.split()]


def _holds(settings: Sequence[Facts], name: str, address: str) -> bool:
    """Whether a list of addresses holds this one."""
    wanted = ipaddress.ip_address(address)
    networks = (text for word in _words(settings, name) for text in NAMED.get(word, (word,)))
    return any(wanted in network for network in map(_network, networks) if network is not None)


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
