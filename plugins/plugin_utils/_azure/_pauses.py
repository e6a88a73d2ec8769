# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long Azure asks to wait, by the headers of an answer."""

from __future__ import annotations

import email.utils
import random
import time
from collections.abc import Mapping

_UNITS = {"x-ms-retry-after-ms": 1000, "retry-after-ms": 1000, "Retry-After": 1}
_QUOTA_S = 5.0
"""Seconds until the quota of Resource Graph is renewed, where it does not say."""


def asked(headers: Mapping[str, str]) -> float | None:
    """Seconds that the answer asks to wait: a number, or until a time."""
    for name, unit in _UNITS.items():
        text = headers.get(name)
        if text and text.isdecimal():
            return int(text) / unit
    try:
        return max(0.0, email.utils.parsedate_to_datetime(headers["Retry-After"]).timestamp() - time.time())
    except (KeyError, ValueError, TypeError):
        return None


def longer(attempt: int) -> float:
    """Seconds to wait after so many tries where nothing is said, not the same for all threads."""
    return random.uniform(0.5, 1) * 2 ** (attempt - 1)


def quota(headers: Mapping[str, str]) -> float | None:
    """Seconds until Resource Graph takes a further query; None while some are left."""
    if headers.get("x-ms-user-quota-remaining") != "0":
        return None
    parts = (headers.get("x-ms-user-quota-resets-after") or "").split(":")
    try:
        hours, minutes, seconds = map(float, parts)
    except ValueError:
        return _QUOTA_S
    return 3600 * hours + 60 * minutes + seconds
