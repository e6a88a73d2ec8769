# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read access to a guest state: facts by name, each with the place it was read from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from . import _gaps
from ._model import Evidence
from ._want import Want


class MissingFact(Exception):
    """A fact is not in the guest state. The engine turns it into ``unknown``."""

    def __init__(self, path: str, reason: str):
        self.path, self.gap, self.reason = path, _gaps.code(reason), _gaps.text(reason)
        super().__init__(f"{path}: {self.reason}")


class Facts:
    """A mapping of the guest state. ``facts.name`` and ``facts["name"]`` raise MissingFact when it is not there.

    A value of ``None`` is a fact: the probe looked and there was nothing.
    ``read_from`` of a mapping names where its values were read; mappings below inherit it.
    """

    def __init__(self, values: Mapping, path: str, read_from: str, missing: Mapping[str, str]):
        self._values, self._path, self._missing = values, path, missing
        self._parts: dict[str, Facts] = {}
        own = values.get("read_from", read_from)
        self._read_from = ", ".join(map(str, own)) if isinstance(own, list) else str(own or "")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self[name]

    def __getitem__(self, name: str) -> Any:
        part = self._parts.get(name)
        if part is not None:
            return part
        if name not in self._values:
            path = self._join(name)
            raise MissingFact(path, missing_reason(self._missing, path))
        value = self._wrap(name, self._values[name])
        if isinstance(value, Facts):
            self._parts[name] = value  # All checks ask for the same few.
        return value

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._values if name != "read_from")

    def get(self, name: str, default: Any = None) -> Any:
        """The fact, or ``default`` when it is missing: for facts that refine a verdict and do not carry it."""
        try:
            return self[name]
        except MissingFact:
            return default

    def fact(self, name: str, source: str | None = None) -> Evidence:
        """The fact as evidence, with the place it was read from."""
        value = self[name]
        origin = source or self._read_from or self._path
        return Evidence(f"{origin}: {name}", value.as_dict() if isinstance(value, Facts) else value)

    def as_dict(self) -> dict:
        return {name: self._values[name] for name in self}

    @property
    def origin(self) -> str:
        """Where the values of this mapping were read."""
        return self._read_from or self._path

    def _join(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name

    def _wrap(self, name: str, value: object) -> object:
        if isinstance(value, dict):
            return Facts(value, self._join(name), self._read_from, self._missing)
        if isinstance(value, list):
            return [self._wrap(name, item) for item in value]
        return value


class GuestState(Facts):
    """The state of one guest, and what the operator wants of it (``want``)."""

    def __init__(self, raw: Mapping, want: Want | None = None):
        super().__init__(raw, "", "", raw.get("missing", {}))
        self.want = want or Want()

    @property
    def live(self) -> bool:
        return self["mode"] == "live"

    def find(self, path: str) -> Any:
        """The fact at a dotted path, as in ``Check.needs``."""
        node: Any = self
        for name in path.split("."):
            if not isinstance(node, Facts) or name not in node:
                raise MissingFact(path, missing_reason(self._missing, path))
            node = node[name]
        return node

    def need_if_asked(self, path: str) -> None:
        """Raises for a fact that the probe could not read; states of an older probe do without it."""
        if path in self._missing:
            self.find(path)


class AzureState(GuestState):
    """The state of one virtual machine in Azure, beside that of its guest where one was probed (``guest``)."""

    def __init__(self, raw: Mapping, want: Want | None = None, guest: GuestState | None = None):
        super().__init__(raw, want)
        self.guest = guest


class FleetState(Mapping[str, GuestState]):
    """The states of all hosts of a run by host, read one at a time, and what the operator wants of them.

    ``machines``: the virtual machines in Azure, in the same way; also those that are no hosts, by names of their own.
    """

    def __init__(
        self, states: Mapping[str, Mapping], want: Want | None = None, machines: Mapping[str, Mapping] | None = None
    ):
        self._states = states
        self.want = want or Want()
        self.machines = {name: AzureState(raw, self.want) for name, raw in (machines or {}).items()}

    def __getitem__(self, host: str) -> GuestState:
        return GuestState(self._states[host], self.want)

    def __iter__(self) -> Iterator[str]:
        return iter(self._states)

    def __len__(self) -> int:
        return len(self._states)


def missing_reason(missing: Mapping[str, str], path: str) -> str:
    """The probe's reason for a missing fact: that of the fact itself or of the closest part above it."""
    parts = path.split(".")
    for end in range(len(parts), 0, -1):
        reason = missing.get(".".join(parts[:end]))
        if reason:
            return reason
    return _gaps.ABSENT
