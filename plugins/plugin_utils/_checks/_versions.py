# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How versions compare."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .._engine._state import Facts

_NUMBER = re.compile(r"[0-9]{1,9}")
"""Python refuses to read numbers of thousands of digits."""


def version(text: object) -> tuple[int, ...]:
    """A version to compare: 2.10 is newer than 2.9, 2.2.53 equals 2.2.53.0, and what holds no number is the oldest."""
    numbers = [int(part) for part in _NUMBER.findall(str(text or ""))]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def newest(items: Iterable[Facts]) -> Facts | None:
    """The item with the highest version."""
    return max(items, key=lambda item: version(item.get("version")), default=None)
