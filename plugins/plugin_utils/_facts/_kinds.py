# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words in which facts are declared: kinds of values, marks, and the system that alone states a fact."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping

LINUX, WINDOWS = "linux", "windows"


class Mark(enum.Enum):
    NULL = "null"
    PEOPLE = "people"


NULL = Mark.NULL
"""The value may be null: the probe looked, and there was nothing."""

PEOPLE = Mark.PEOPLE
"""No check reads it: it is for people who look at a guest state. Everything below it is, too."""


class Fact:
    """A fact: kinds of its value, its meaning, and what lies below it.

    ``parts``: facts by name. ``rest``: what stands under any other name, where names are data. ``item``: what a list
    holds. ``only``: the system that alone states it, and ``because``: why the other one does not.
    """

    __slots__ = ("about", "kinds", "choices", "people", "parts", "rest", "item", "only", "because", "plain", "shared")

    def __init__(self, about: str, kinds: frozenset[type], marks: tuple[Mark, ...] = ()) -> None:
        self.about = about
        self.kinds = kinds | _NONE if NULL in marks else kinds
        self.people = PEOPLE in marks
        self.choices: tuple[str, ...] = ()
        self.parts: Mapping[str, Fact] = _NOTHING
        self.rest: Fact | None = None
        self.item: Fact | None = None
        self.only: str | None = None
        self.because = ""
        self.plain = True
        """Its kind says all of it."""
        self.shared = True
        """Everything below it is the same on both systems."""

    @property
    def null(self) -> bool:
        return type(None) in self.kinds

    def below(self) -> Iterator[tuple[str, Fact]]:
        """The facts below, each with what leads to it: ``.name``, ``.*`` for any name, ``[]`` for items."""
        for name, fact in self.parts.items():
            if fact is not READ_FROM:
                yield f".{name}", fact
        if self.rest is not None:
            yield ".*", self.rest
        if self.item is not None:
            yield "[]", self.item

    def copy(self) -> Fact:
        made = Fact(self.about, self.kinds)
        made.people, made.choices, made.parts, made.rest = self.people, self.choices, self.parts, self.rest
        made.item, made.plain, made.shared = self.item, self.plain, self.shared
        return made

    def of(self, system: str) -> Fact:
        """The fact as one system states it."""
        if self.shared:
            return self
        mine = self.copy()
        mine.parts = of(self.parts, system)
        mine.rest = self.rest and self.rest.of(system)
        mine.item = self.item and self.item.of(system)
        return mine


class Differs(Fact):
    """A fact that both systems state, each in a form of its own."""

    __slots__ = ("forms",)

    def __init__(self, forms: Mapping[str, Fact]) -> None:
        super().__init__("", _NONE)
        self.forms = forms
        self.shared = False

    def copy(self) -> Fact:
        return Differs(self.forms)

    def of(self, system: str) -> Fact:
        return self.forms[system].of(system)


def of(facts: Mapping[str, Fact], system: str) -> dict[str, Fact]:
    """The facts that one system states."""
    return {name: fact.of(system) for name, fact in facts.items() if fact.only in (None, system)}


_NOTHING: Mapping[str, Fact] = {}
_NONE: frozenset[type] = frozenset((type(None),))
_TEXT: frozenset[type] = frozenset((str,))
_FLAG: frozenset[type] = frozenset((bool,))
_WHOLE: frozenset[type] = frozenset((int,))
_NUMBER: frozenset[type] = frozenset((int, float))
_DATA: frozenset[type] = frozenset((str, int, float, bool, list, type(None)))
_LIST: frozenset[type] = frozenset((list,))
_RECORD: frozenset[type] = frozenset((dict,))

READ_FROM = Fact("Where the facts next to and below it were read.", _TEXT | _LIST)
"""Part of every record, without being declared."""


def text(about: str = "", *marks: Mark) -> Fact:
    return Fact(about, _TEXT, marks)


def flag(about: str = "", *marks: Mark) -> Fact:
    """True or false."""
    return Fact(about, _FLAG, marks)


def whole(about: str = "", *marks: Mark) -> Fact:
    """A whole number."""
    return Fact(about, _WHOLE, marks)


def number(about: str = "", *marks: Mark) -> Fact:
    return Fact(about, _NUMBER, marks)


def data(about: str = "", *marks: Mark) -> Fact:
    """Whatever stands in a registry value or in a field of somebody else's file."""
    return Fact(about, _DATA, marks)


def one_of(about: str, *words: str | Mark) -> Fact:
    """One of a few words."""
    made = Fact(about, _TEXT, tuple(word for word in words if isinstance(word, Mark)))
    made.choices = tuple(word for word in words if isinstance(word, str))
    made.plain = False
    return made


def listing(about: str, item: Fact, *marks: Mark) -> Fact:
    made = Fact(about, _LIST, marks)
    made.item = item
    made.plain = False
    made.shared = item.shared
    return made


def texts(about: str = "", *marks: Mark) -> Fact:
    """A list of texts."""
    return listing(about, _A_TEXT, *marks)


_A_TEXT = text()


def record(about: str, /, *marks: Mark, **parts: Fact) -> Fact:
    """Facts that belong together."""
    made = Fact(about, _RECORD, marks)
    made.shared = all(part.shared and part.only is None for part in parts.values())
    parts["read_from"] = READ_FROM
    made.parts = parts
    made.plain = False
    return made


def records(about: str, /, *marks: Mark, **parts: Fact) -> Fact:
    """A list of records."""
    return listing(about, record("", **parts), *marks)


def mapping(about: str, rest: Fact, /, *marks: Mark, **parts: Fact) -> Fact:
    """Facts under names that are data, such as keys of a file, beside ``parts`` under names of ours."""
    made = record(about, *marks, **parts)
    made.rest = rest
    made.shared = made.shared and rest.shared
    return made


def differs(*, linux: Fact, windows: Fact) -> Fact:
    """A fact that both systems state, each in a form of its own."""
    return Differs({LINUX: linux, WINDOWS: windows})


def only(system: str, because: str, fact: Fact) -> Fact:
    """A fact that one system alone states, and why the other one does not."""
    bound = fact.copy()
    bound.only, bound.because = system, because
    return bound


def linux(because: str, /, **facts: Fact) -> dict[str, Fact]:
    """Facts that Linux guests alone state, and why Windows guests do not."""
    return {name: only(LINUX, because, fact) for name, fact in facts.items()}


def windows(because: str, /, **facts: Fact) -> dict[str, Fact]:
    """Facts that Windows guests alone state, and why Linux guests do not."""
    return {name: only(WINDOWS, because, fact) for name, fact in facts.items()}
