# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan of fixes as a file that people read, shorten and approve."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping

import yaml

from . import _registry, _yaml
from ._engine._approval import approval
from ._remedies import REMEDIES
from ._report._text import visible
from ._words import did_you_mean

_HEAD = """\
# A plan of fixes, by host and check. Remove what is not approved; what is added or changed is not applied.
# Apply it: ansible-playbook vmbackup.azure.fix -e fix_plan=FILE (docs/fixes.md#approved-plans)
"""
_SCHEMA, _MOST = 1, 1 << 20
_FORM = {"schema": int, "created": str, "expires": str, "hosts": dict}
_ENTRY = {
    "remedy": str,
    "parameters": dict,
    "class": str,
    "why": str,
    "seconds": int,
    "restarts_agent": bool,
    "evidence": str,
}


def render(hosts: Mapping[str, Mapping[str, Mapping]], now: datetime.datetime, days: float) -> str:
    """The file: entries by check by host, for so many days."""
    document = {
        "schema": _SCHEMA,
        "created": _text(now),
        "expires": _text(now + datetime.timedelta(days=days)),
        "hosts": {
            host: {id_: {**entry, "why": visible(entry["why"])} for id_, entry in hosts[host].items()}
            for host in sorted(hosts)
            if hosts[host]
        },
    }
    return _HEAD + yaml.dump(_plain(document), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)


def read(path: str, now: datetime.datetime) -> dict[str, dict[str, dict[str, str]]]:
    """What a file approves: hashes by check by host. Raises ValueError with a full sentence."""

    def wrong(reason: object) -> ValueError:
        return ValueError(f"Cannot use the plan '{path}': {visible(reason)}")

    try:
        found = _yaml.read(path)
    except ValueError as error:
        raise wrong(error) from error
    if _is_large(found):
        raise wrong("it is too large")
    _check(found, _FORM, "it", wrong)
    if found["schema"] != _SCHEMA:
        raise wrong(f"its schema is {found['schema']}, and this version reads schema {_SCHEMA}")
    try:
        expires = datetime.datetime.strptime(found["expires"], "%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        raise wrong(f"expires '{found['expires']}' is not a time such as 2026-12-31T22:00:00Z") from None
    if expires.replace(tzinfo=datetime.timezone.utc) <= now:
        raise wrong(f"it expired {found['expires']}")
    for host, entries in found["hosts"].items():
        if entries and not isinstance(entries, dict):
            raise wrong(f"'{host}' is not a mapping of checks")
        for id_, entry in (entries or {}).items():
            _check(entry, _ENTRY, f"'{id_}' of '{host}'", wrong)
            if _registry.names().get(id_) != id_:
                raise wrong(f"unknown check '{id_}'{did_you_mean(str(id_), _registry.names())}")
            if entry["remedy"] not in REMEDIES:
                raise wrong(f"unknown remedy '{entry['remedy']}'{did_you_mean(entry['remedy'], REMEDIES)}")
            if not _is_json(entry["parameters"]):
                raise wrong(f"'{id_}' of '{host}' has no valid 'parameters'")
    return {
        str(host): {id_: approval(entry) for id_, entry in (entries or {}).items()}
        for host, entries in found["hosts"].items()
    }


def _is_large(value: object) -> bool:
    """Whether a document has more than _MOST parts. With aliases, a short file can have any number, or hold itself."""
    left, seen = [value], 0
    while left and seen <= _MOST:
        one = left.pop()
        seen += 1
        left.extend(one.values() if isinstance(one, dict) else one if isinstance(one, list) else ())
    return seen > _MOST


def _is_json(value: object) -> bool:
    """Whether a value holds nothing but what a plan has: YAML knows further types, and names that are no texts."""
    if isinstance(value, dict):
        return all(isinstance(name, str) and _is_json(part) for name, part in value.items())
    return all(map(_is_json, value)) if isinstance(value, list) else isinstance(value, (str, int, float, type(None)))


def _check(found: object, form: Mapping[str, type], what: str, wrong: Callable[[object], ValueError]) -> None:
    if not isinstance(found, dict):
        raise wrong(f"{what} is not a mapping with {', '.join(form)}")
    for name in found:
        if name not in form:
            raise wrong(f"{what} has an unknown key '{name}'{did_you_mean(str(name), form)}")
    for name, kind in form.items():
        if not isinstance(found.get(name), kind):
            raise wrong(f"{what} has no valid '{name}'")


class _Dumper(yaml.SafeDumper):
    """Without anchors: a shortened file must stay whole."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _plain(value: object) -> object:
    """The value in plain types: Ansible marks texts with types of its own."""
    if isinstance(value, Mapping):
        return {_plain(key): _plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    if isinstance(value, str):
        return "".join(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return int(value) if isinstance(value, int) else float(value)
    return value


def _text(moment: datetime.datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
