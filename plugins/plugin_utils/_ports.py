# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ports as rules of security groups write them."""

from __future__ import annotations


def holds(ports: str, port: int) -> bool:
    """The port is in the range: ``*``, a number, or two of them."""
    first, _dash, last = ports.partition("-")
    if not first.isdecimal():
        return ports.lower() in ("*", "any")
    return int(first) <= port <= int(last or first)
