# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of Resource Graph by what they are, and small words for reading Azure's documents."""

from __future__ import annotations

import collections
from collections.abc import Iterable, Iterator, Mapping
from typing import Any


class Rows:
    """All rows of a run by type. Azure writes ids in any case: they are compared in lower case."""

    def __init__(self, rows: Iterable[Mapping]) -> None:
        self._by_type: dict[str, list[Mapping]] = collections.defaultdict(list)
        self._by_id: dict[str, Mapping] = {}
        for row in rows:
            self._by_type[str(row["type"]).lower()].append(row)
            self._by_id[row["id"].lower()] = row

    def of_type(self, type_: str) -> list[Mapping]:
        return self._by_type[type_.lower()]

    def find(self, id_: str | None) -> Mapping | None:
        """The resource with an id, in any case."""
        return self._by_id.get(id_.lower()) if id_ else None


def at(document: object, *path: str) -> Any:
    """What stands at a path of names; None where there is nothing."""
    for name in path:
        document = document.get(name) if isinstance(document, Mapping) else None
    return document


def items(document: object, *path: str) -> Iterator[Mapping]:
    """The mappings of a list at a path."""
    found = at(document, *path)
    return (one for one in found if isinstance(one, Mapping)) if isinstance(found, list) else iter(())


def text(document: object, *path: str) -> str | None:
    """A text at a path; None for nothing, and for an empty one."""
    found = at(document, *path)
    return str(found) if found not in (None, "") else None


def time(document: object, *path: str) -> str | None:
    """A time as ISO 8601 UTC in whole seconds. The service writes the year 2001, or 1, for never."""
    found = text(document, *path)
    if not found or found[:4] in ("0001", "1601", "2001"):
        return None
    return found.replace("+00:00", "").partition(".")[0].removesuffix("Z") + "Z"


def part(id_: str, name: str) -> str:
    """The name behind a word of a resource id: ``part(id, "resourceGroups")``; empty where it is not there."""
    words = id_.split("/")
    return next((words[n + 1] for n, word in enumerate(words[:-1]) if word.lower() == name.lower()), "")


def parent(id_: str, levels: int = 2) -> str:
    """The id of the resource that this one belongs to."""
    return "/".join(id_.split("/")[:-levels])
