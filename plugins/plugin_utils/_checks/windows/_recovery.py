# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The recovery actions of a service, as Windows keeps them in its registry."""

from __future__ import annotations

import base64
import binascii
import struct

_ACTIONS = {0: "none", 1: "restart", 2: "reboot", 3: "command"}

MAX_ACTIONS = 16


def recovery(value: str | None) -> list[tuple[str, int]]:
    """Recovery actions of a ``FailureActions`` value (base64) as ``(action, delay in ms)``; none when it is damaged."""
    try:
        blob = base64.b64decode(value or "", validate=True)
    except (binascii.Error, ValueError):
        return []
    if len(blob) < 20:
        return []
    count, offset = struct.unpack_from("<II", blob, 12)
    found = []
    for number in range(min(count, MAX_ACTIONS)):
        at = offset + 8 * number
        if at + 8 > len(blob):
            break
        kind, delay = struct.unpack_from("<II", blob, at)
        found.append((_ACTIONS.get(kind, "none"), delay))
    return found
