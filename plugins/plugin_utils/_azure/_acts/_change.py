# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The change of one resource: read, compared, recorded, made, and read again."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
from collections.abc import Mapping
from typing import Any

from .._error import AzureError
from .._values import age, key, last
from ._journal import DONE, UNDONE, Journal
from ._kind import Kind, Nothing, Overtaken, Refused, Seen
from ._operation import ended

EVERY_S = 5.0
"""Seconds between two readings of a resource that is being changed."""
_READS = 6
"""How often a resource that is not being changed is read, until it is as the operation has left it."""
_ARRIVES_S = 30.0
"""Seconds after which a change that Azure did not tell of is in effect, or was never begun."""
_LOST_RACE = 412


@dataclasses.dataclass(frozen=True)
class Changed:
    """What a change came to."""

    changed: bool
    before: Any
    after: Any


def settled(kind: Kind, id_: str, journal: Journal | None = None) -> Seen:
    """The resource, when no other change of it is under way: what a killed run has begun ends first."""
    for link in journal.operations(id_) if journal else ():
        # How it ended is of no matter: the resource itself is read. An old operation is forgotten by Azure.
        with contextlib.suppress(AzureError):
            ended(kind.client, link, id_, f"Wait for the change of '{last(id_)}'", kind.tell)
    seen = kind.read(id_)
    if seen.busy:
        kind.tell(f"Another change of {kind.noun} '{last(id_)}' is under way")
    while seen.busy:
        kind.client.pause(EVERY_S, id_)
        seen = kind.read(id_)
    for entry in journal.unanswered(id_) if journal else ():
        seen = _arrived(kind, entry, seen)
    return seen


def _arrived(kind: Kind, entry: Mapping, seen: Seen) -> Seen:
    """The resource, when a change whose run was killed before Azure's answer came is in effect, or never will be."""
    left = _ARRIVES_S - age(entry["at"])
    if not kind.same(seen.value, entry["after"]) and left > 0:
        kind.tell(f"A run was killed while it changed {kind.noun} '{last(entry['id'])}': waiting up to {left:,.0f} s")
    while not kind.same(seen.value, entry["after"]) and age(entry["at"]) < _ARRIVES_S:
        kind.client.pause(EVERY_S, entry["id"])
        seen = kind.read(entry["id"])
    return seen


def change(kind: Kind, id_: str, wanted: Any, seen: Seen, journal: Journal | None, host: str) -> Changed:
    """Makes a resource as wanted, unless it is. Without a journal nothing is changed (check mode)."""
    if kind.same(seen.value, wanted):
        if journal:
            journal.settle(id_, wanted, kind.same)
        return Changed(False, seen.value, seen.value)
    if journal is None:
        return Changed(True, seen.value, wanted)
    number = journal.begin(host=host, kind=kind.name, id=id_, before=seen.value, after=wanted)
    kind.began = functools.partial(journal.note, number)
    try:
        _make(kind, id_, wanted, seen)
    except Refused:
        journal.mark(number, UNDONE)
        raise
    journal.mark(number, DONE)
    journal.settle(id_, wanted, kind.same)
    return Changed(True, seen.value, wanted)


Values = dict[tuple[str, str], Any]
"""Values that resources would have, by kind and id."""


def undo(kind: Kind, entry: Mapping, journal: Journal, shown: Values | None = None) -> bool:
    """Takes a recorded change back. False where nothing of it is left. Raises Nothing, and AzureError.

    ``shown``: in check mode, what the undo of later changes would leave; nothing is changed then.
    """
    try:
        wanted, seen = kind.undone(entry), settled(kind, entry["id"], journal)
    except AzureError as error:
        if error.gone:
            raise Nothing(str(error)) from None
        raise
    place = kind.name, key(entry["id"])
    value = seen.value if shown is None else shown.get(place, seen.value)
    if kind.same(value, wanted):
        return False
    if not kind.same(value, entry["after"]):
        raise Overtaken(
            f"Cannot undo the change of {kind.noun} '{last(entry['id'])}': someone else has changed it since"
        )
    if shown is None:
        _make(kind, entry["id"], wanted, seen)
    else:
        shown[place] = wanted
    return True


def _make(kind: Kind, id_: str, wanted: Any, seen: Seen) -> None:
    """Writes, and reads until it is so."""
    why = AzureError(f"Cannot change {kind.noun} '{last(id_)}': Azure accepted the change, but it is not in effect")
    try:
        kind.write(id_, wanted, seen)
    except Refused as error:
        if error.status != _LOST_RACE:
            raise
        if not kind.same(kind.read(id_).value, wanted):
            raise Refused(
                f"Cannot change {kind.noun} '{last(id_)}': someone else changed it after it was read. Nothing was"
                " changed; run again",
                error.status,
            ) from None
    except AzureError as error:
        if not error.unclear:
            raise
        why = error
    left = _READS
    while left:
        found = kind.read(id_)
        if kind.same(found.value, wanted):
            return
        left -= not found.busy
        kind.client.pause(EVERY_S, id_)
    raise why
