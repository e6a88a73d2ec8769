# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A guest state that remembers which of its facts a check has read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ._evaluate import judge
from ._model import Check
from ._state import Facts, GuestState
from ._want import Want

Path = tuple[str, ...]
"""The names that lead to a fact; names of settings hold dots themselves."""


def reads(check: Check, raw: Mapping, want: Want | None = None) -> set[Path]:
    """The facts that a check reads of a state, also those that are not there. Lists count as a whole."""
    state = _State(raw, want)
    judge(check, state)
    return state.read


class _Remembering(Facts):
    """What both classes below do; ``read`` is one set for a whole state."""

    read: set[Path]
    names: Path

    def __getitem__(self, name: str) -> Any:
        if name not in self._values:
            self.read.add((*self.names, name))
        return super().__getitem__(name)

    def __contains__(self, name: str) -> bool:
        if name not in self._values:
            self.read.add((*self.names, name))
        return super().__contains__(name)

    def __iter__(self) -> Iterator[str]:
        for name in super().__iter__():
            if not isinstance(self._values[name], dict):
                self.read.add((*self.names, name))
            yield name

    def as_dict(self) -> dict:
        self.read.add(self.names)
        return super().as_dict()

    def _wrap(self, name: str, value: object) -> object:
        if not isinstance(value, dict):
            self.read.add((*self.names, name))
            return super()._wrap(name, value)
        below = _Part(value, self._join(name), self._read_from, self._missing)
        below.read, below.names = self.read, (*self.names, name)
        return below


class _Part(_Remembering):
    """A record in a state."""


class _State(_Remembering, GuestState):
    """The state itself."""

    def __init__(self, raw: Mapping, want: Want | None):
        self.read, self.names = set(), ()
        super().__init__(raw, want)
