# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The texts that a probe looks for in logs, as it takes them, and what they feed."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping

from ._knowledge import rows

EVENT = "event"
"""As the log of a row: a kind of events of Windows, which its probe finds by their numbers."""

WINDOWS_AGENT = "windows_agent"
"""The log of the agent of Windows, whose probe takes no texts."""

_OF_PROBE = ("name", "log", "any", "also", "without", "harmless")


@functools.cache
def known() -> dict[str, dict]:
    """The rows of the table by name."""
    return {row["name"]: row for row in rows("signatures") if "name" in row}


@functools.cache
def for_probe() -> list[dict]:
    """What the probe needs of each row."""
    groups = rows("signatures")[0]["groups"]
    return [
        {
            **{key: row[key] for key in _OF_PROBE if key in row},
            "cleared_by": list(_flat(row.get("cleared_by", ()), groups)),
        }
        for row in known().values()
        if row["log"] not in (EVENT, WINDOWS_AGENT)
    ]


def _flat(texts: Iterable[str | list[str]], groups: Mapping[str, list[str]]) -> Iterator[list[str]]:
    """Lists of texts that a line must hold, all of one list."""
    for text in texts:
        if isinstance(text, list):
            yield text
        elif text in groups:
            yield from _flat(groups[text], groups)
        else:
            yield [text]
