# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks guest states against their schemas: the few keywords of JSON Schema that these use, in plain Python.

A controller needs nothing beyond ansible-core, so no schema library can be taken for granted.
"""

from __future__ import annotations

import functools
import json
import pathlib
from collections.abc import Mapping

from . import _gaps
from ._model import PLATFORMS

SCHEMA = 1
_ANY: dict = {}
_FOLDERS = {"linux": "guest_state", "windows": "guest_state_windows"}
_TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}
_NAMES = {kind: name for name, kind in _TYPES.items() if isinstance(kind, type)}


@functools.cache
def sections(platform: str) -> dict[str, dict]:
    """The schemas of the sections of a platform's guest state, by section."""
    folder = pathlib.Path(__file__).parent.parent / "schemas" / _FOLDERS[platform]
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))}


def accept(raw: object) -> dict:
    """The guest state, fit for judging. Parts of the wrong form are dropped and stated as missing.

    Raises ValueError when it is no guest state of a known version at all.
    """
    if not isinstance(raw, Mapping):
        raise ValueError("Cannot judge the guest state: it is no mapping")
    if raw.get("schema") != SCHEMA:
        raise ValueError(f"Cannot judge the guest state: schema {raw.get('schema')!r} is not {SCHEMA}")
    if raw.get("platform") not in PLATFORMS:
        raise ValueError(f"Cannot judge the guest state: platform {raw.get('platform')!r} is unknown")
    state = dict(raw)
    given = state.get("missing")
    missing = {str(k): _gaps.from_saved(str(v)) for k, v in given.items()} if isinstance(given, Mapping) else {}
    for name, schema in sections(state["platform"]).items():
        if name not in state:
            missing.setdefault(name, _gaps.ABSENT)
            continue
        for path in problems(state[name], schema, name):
            state[name] = _without(state[name], path.split(".")[1:])
            missing[path] = _gaps.FORM
    state["missing"] = missing
    return state


def problems(value: object, schema: Mapping, path: str) -> list[str]:
    """Dotted paths of the parts of ``value`` that do not fit; a list with a wrong item does not fit as a whole."""
    if not _fits(value, schema):
        return [path]
    found: list[str] = []
    if isinstance(value, dict):
        parts, other = schema.get("properties", _ANY), schema.get("additionalProperties")
        for name, item in value.items():
            part = parts.get(name, other)
            if isinstance(part, dict):
                found += problems(item, part, f"{path}.{name}")
    elif isinstance(value, list) and "items" in schema:
        if any(problems(item, schema["items"], path) for item in value):
            return [path]
    return found


def _fits(value: object, schema: Mapping) -> bool:
    types = schema.get("type")
    if types is not None:
        names = (types,) if isinstance(types, str) else types
        # JSON gives values of just these classes; only what Ansible passes on can be of others.
        if _NAMES.get(type(value)) not in names and not any(_is(value, name) for name in names):
            return False
    return "enum" not in schema or value in schema["enum"]


def _is(value: object, name: str) -> bool:
    return isinstance(value, _TYPES[name]) and (name == "boolean" or not isinstance(value, bool))


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
