# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which machines are wanted: by subscription, group, name or id; and the texts of the queries."""

from __future__ import annotations

import dataclasses
import functools
import pathlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from ._error import AzureError
from ._values import key, part

_NAME = re.compile(r"[\w./()-]+$")
_IN_QUERY = 200
"""So many names and ids make the query longer; more of them are sorted out here."""


@dataclasses.dataclass(frozen=True)
class Selection:
    """Everything where nothing is named. Raises AzureError for what cannot be a name in Azure."""

    subscriptions: tuple[str, ...] = ()
    resource_groups: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for word in (*self.subscriptions, *self.resource_groups, *self.names, *self.ids):
            if not _NAME.match(word):
                raise AzureError(f"Cannot select virtual machines: '{word}' is neither a name nor an id of Azure")

    @property
    def places(self) -> list[str]:
        """The subscriptions to read: those given, else those of the ids where machines are wanted by id only."""
        if self.subscriptions or self.names or not self.ids:
            return list(self.subscriptions)
        return sorted({part(key(id_), "subscriptions") for id_ in self.ids})

    @property
    def clause(self) -> str:
        """The lines of the query that leave out machines that are not wanted, and nothing else."""
        terms = []
        if self.resource_groups:
            terms.append(f"resourceGroup in~ ({quoted(self.resource_groups)})")
        if 0 < len(self.names) + len(self.ids) <= _IN_QUERY:
            lists = [("name", self.names), ("id", tuple(map(key, self.ids)))]
            named = [f"{column} in~ ({quoted(words)})" for column, words in lists if words]
            terms.append(f"({' or '.join(named)})")
        return f"| where type !~ 'microsoft.compute/virtualmachines' or ({' and '.join(terms)})" if terms else ""

    def covers(self, row: Mapping) -> bool:
        """The machine is wanted."""
        if self.resource_groups and part(row["id"], "resourceGroups").lower() not in _lower(self.resource_groups):
            return False
        if not self.names and not self.ids:
            return True
        return row["name"].lower() in _lower(self.names) or key(row["id"]) in _lower(self.ids)

    def absent(self, rows: Collection[Mapping]) -> Iterator[tuple[str, str]]:
        """Names, ids and groups for which there is no machine, each with what it is."""
        found = {word for row in rows for word in (row["name"].lower(), key(row["id"]))}
        groups = {part(row["id"], "resourceGroups").lower() for row in rows}
        for word in (*self.names, *self.ids):
            if key(word) not in found:
                yield word, "the virtual machine"
        for word in self.resource_groups:
            if word.lower() not in groups:
                yield word, "a virtual machine of the resource group"


@functools.cache
def _lower(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(key, words))


def quoted(words: Iterable[str]) -> str:
    """Words as a list in a query."""
    escaped = (word.replace("\\", "\\\\").replace("'", "\\'") for word in words)
    return ", ".join(f"'{word}'" for word in escaped)


def elsewhere(places: Iterable[str]) -> str:
    """The line of the query for items that protect machines of these subscriptions in vaults of others."""
    wanted = quoted(places)
    return f"| where subscriptionId !in~ ({wanted}) and tostring(split(source, '/')[2]) in~ ({wanted})"


def query(name: str, **values: str) -> str:
    """The text of a query."""
    text = pathlib.Path(__file__).with_name(f"{name}.kql").read_text(encoding="utf-8")
    for word, value in values.items():
        text = text.replace(f"{{{word}}}", value)
    return text
