# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rights that the settings of a unit leave the agent: its user, capabilities and system calls."""

from __future__ import annotations

from collections.abc import Iterator

from ._restriction import Restriction
from ._unit_settings import Settings, holds

CALLS = (
    (("@NETWORK-IO", "SOCKET", "CONNECT"), "open connections", True),
    (("@PROCESS", "CLONE"), "start other executables", True),
    (("IOCTL",), "freeze file systems", False),
)
"""System calls, or groups of them, and what the agent or its extensions do with these."""


def missing_rights(settings: Settings) -> Iterator[Restriction]:
    """Settings that take from the agent what only root may do."""
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
