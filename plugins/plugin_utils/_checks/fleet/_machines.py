# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What checks of the fleet read of its virtual machines in Azure."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

from ..._engine._model import Verdict, not_applicable, ok, unknown
from ..._engine._state import FleetState, MissingFact

SEVERAL = 3
"""From so many machines on, one cause is more likely than chance."""


@dataclasses.dataclass(frozen=True)
class Grouped:
    """The machines by what they have in common, the largest group first; and one that lacks the facts."""

    groups: Mapping[Any, list[str]]
    lacking: str | None
    gap: MissingFact | None
    machines: int

    def large(self, least: int) -> dict[Any, list[str]]:
        """The groups of so many machines or more."""
        return {key: names for key, names in self.groups.items() if len(names) >= least}

    def clean(self) -> Verdict:
        """The verdict where no group is too large. Facts that a machine lacks make it unknown."""
        if not self.machines:
            return not_applicable("No virtual machine of Azure is known")
        if self.gap:
            return unknown(f"Missing fact {self.gap.path} of {self.lacking}: {self.gap.reason}", gap=self.gap.gap)
        return ok()


def all_of(groups: Mapping[Any, list[str]]) -> list[str]:
    """The machines of all groups, each once."""
    return list(dict.fromkeys(name for names in groups.values() for name in names))


def grouped(fleet: FleetState, keys: Callable[[Any], Iterable[Hashable]]) -> Grouped:
    """Groups the machines by ``keys``: a machine may be in several groups, or in none."""
    found: dict[Hashable, list[str]] = {}
    lacking, gap = None, None
    for name, state in fleet.machines.items():
        try:
            for key in dict.fromkeys(keys(state)):
                found.setdefault(key, []).append(name)
        except MissingFact as missing:
            lacking, gap = name, missing
    largest = sorted(found.items(), key=lambda group: -len(group[1]))
    return Grouped(dict(largest), lacking, gap, len(fleet.machines))
