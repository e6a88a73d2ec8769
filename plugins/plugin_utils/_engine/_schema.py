# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds states of guests, and of virtual machines in Azure, against the declaration of facts (``_facts``).

What a state holds beyond it, of an older or newer release, stays and is read by nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from .._facts import sections
from .._facts._kinds import READ_FROM
from . import _gaps
from ._model import AZURE, PLATFORMS

if TYPE_CHECKING:
    from .._facts._kinds import Fact

SCHEMA = 1
_LARGEST = 2**63
"""Nothing of a guest counts further; such numbers are no longer those of the guest either, and some are infinite."""
_NUMBERS = (int, float)


class NoState(ValueError):
    """It is no guest state of a known version at all; ``reason`` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Cannot judge the guest state: {reason}")
        self.reason = reason


def accept(raw: object) -> dict:
    """The guest state, fit for judging. Parts of the wrong form are dropped and stated as missing. Raises NoState."""
    if not isinstance(raw, Mapping):
        raise NoState("it is not a mapping")
    if raw.get("schema", SCHEMA) != SCHEMA:
        raise NoState(f"schema {raw['schema']!r} is not {SCHEMA}")
    lacks = [name for name in ("schema", "platform") if name not in raw]
    if lacks:
        raise NoState(f"it has no {' and no '.join(lacks)}, so it is not the state of a guest")
    if raw["platform"] not in (*PLATFORMS, AZURE):
        raise NoState(f"platform {raw['platform']!r} is unknown")
    state = dict(raw)
    given = state.get("missing")
    missing = {str(k): _gaps.from_saved(str(v)) for k, v in given.items()} if isinstance(given, Mapping) else {}
    for name, section in sections(state["platform"]).items():
        if name not in state:
            missing.setdefault(name, _gaps.ABSENT)
            continue
        for path in problems(state[name], section, name):
            state[name] = _without(state[name], path.split(".")[1:])
            missing[path] = _gaps.FORM
    state["missing"] = missing
    return state


def problems(value: object, fact: Fact, path: str) -> list[str]:
    """Dotted paths of the parts of ``value`` that do not fit; a list with a wrong item does not fit as a whole."""
    if not _fits(value, fact):
        return [path]
    found: list[str] = []
    if isinstance(value, dict):
        parts, rest = fact.parts, fact.rest
        for name, item in value.items():
            part = parts.get(name, rest)
            # Most facts are plain, and JSON gives values of just these classes.
            if part is not None and not (part.plain and type(item) in part.kinds and type(item) not in _NUMBERS):
                found += problems(item, part, f"{path}.{name}")
    elif isinstance(value, list) and fact.item is not None:
        if any(problems(item, fact.item, path) for item in value):
            return [path]
    return found


def is_whole(value: object, fact: Fact) -> bool:
    """Whether a value has the form of ``fact``, with all of its parts: that of files which are ours alone."""
    if not _fits(value, fact):
        return False
    if isinstance(value, dict):
        parts, rest = fact.parts, fact.rest
        known = ((item, parts.get(name, rest)) for name, item in value.items())
        whole = all(part is None or is_whole(item, part) for item, part in known)
        return whole and all(name in value for name, part in parts.items() if part is not READ_FROM)
    return not isinstance(value, list) or fact.item is None or all(is_whole(item, fact.item) for item in value)


def _fits(value: object, fact: Fact) -> bool:
    if isinstance(value, (int, float)) and not abs(value) <= _LARGEST:
        return False
    if type(value) not in fact.kinds:
        # Only what Ansible passes on is of further classes. True and False are no numbers.
        if isinstance(value, bool) or not isinstance(value, tuple(fact.kinds)):
            return False
    return not fact.choices or value is None or value in fact.choices


def _without(value: object, names: list[str]) -> object:
    """A copy without the part that ``names`` lead to. Names may hold dots themselves (keys of waagent.conf)."""
    if not names or not isinstance(value, Mapping):
        return {}
    for end in range(len(names), 0, -1):
        name = ".".join(names[:end])
        if name in value:
            rest = names[end:]
            kept = {key: item for key, item in value.items() if key != name}
            return {**kept, name: _without(value[name], rest)} if rest else kept
    return value
