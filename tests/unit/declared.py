# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Guest states and the declaration of facts: what the one holds, and what the other lists."""

import functools

from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._state import Facts, GuestState
from ansible_collections.vmbackup.azure.plugins.plugin_utils._facts import sections
from ansible_collections.vmbackup.azure.plugins.plugin_utils._facts._kinds import data, record

ENVELOPE = {"schema", "platform", "mode", "captured", "privileged", "probe", "missing"}
"""What a guest state says of itself, beside its sections."""


def facts(system):
    """All declared facts of a system, as ``(path, fact)``; a path has ``*`` for any name and ``[]`` for items."""
    for name, section in sections(system).items():
        yield from _below(section, name)


def _below(fact, path):
    yield path, fact
    for step, part in fact.below():
        yield from _below(part, path + step)


def stated(value, fact, path):
    """All facts in a value, as ``(path, fact)``, by the declaration; None for a fact that is not declared."""
    yield path, fact
    if fact is None:
        return
    if isinstance(value, dict):
        for name, item in value.items():
            if name in fact.parts:
                yield from stated(item, fact.parts[name], f"{path}.{name}")
            else:
                yield from stated(item, fact.rest, f"{path}.*" if fact.rest else f"{path}.{name}")
    elif isinstance(value, list) and fact.item is not None:
        for item in value:
            yield from stated(item, fact.item, f"{path}[]")


def stated_by(state):
    """All facts of a guest state, as ``(path, fact)``."""
    declared = sections(state["platform"])
    for name in state.keys() - ENVELOPE:
        yield from stated(state[name], declared.get(name), name)


def undeclared(value, fact, path):
    """Paths of facts that a probe states and nobody declared."""
    return sorted({found for found, known in stated(value, fact, path) if known is None})


class _Noting:
    """Facts that note the declared paths of what is read of them, and apart what is not declared."""

    def noted(self, fact, path, notes):
        self._fact, self._at, self._notes = fact, path, notes
        return self

    def _step(self, name):
        """The declared fact under a name, and its path."""
        if self._fact is not None and name in self._fact.parts:
            return self._fact.parts[name], f"{self._at}.{name}".lstrip(".")
        if self._fact is not None and self._fact.rest is not None:
            return self._fact.rest, f"{self._at}.*"
        return None, f"{self._at}.{name}".lstrip(".")

    def _note(self, name):
        fact, path = self._step(name)
        (self._notes.strange if fact is None else self._notes.read).add(path)

    def __getitem__(self, name):
        self._note(name)
        return super().__getitem__(name)

    def __contains__(self, name):
        self._note(name)
        return super().__contains__(name)

    def as_dict(self):
        # Of a mapping this is how its values are read; of a record it is how all of it is shown.
        if self._fact is not None and self._fact.rest is not None:
            self._notes.read.add(f"{self._at}.*")
        return super().as_dict()

    def _wrap(self, name, value):
        return self._part(value, self._join(name), *self._step(name))

    def _part(self, value, path, fact, at):
        if isinstance(value, dict):
            return NotingFacts(value, path, self._read_from, self._missing).noted(fact, at, self._notes)
        if isinstance(value, list):
            item = fact.item if fact is not None else None
            return [self._part(one, path, item, f"{at}[]") for one in value]
        return value


class NotingFacts(_Noting, Facts):
    pass


class NotingState(_Noting, GuestState):
    """A guest state that notes what is read of it."""

    def __init__(self, raw, want=None):
        super().__init__(raw, want)
        self.read, self.strange = set(), set()
        self.noted(_whole(raw["platform"]), "", self)


@functools.cache
def _whole(system):
    return record("", **sections(system), **{name: data() for name in ENVELOPE})
