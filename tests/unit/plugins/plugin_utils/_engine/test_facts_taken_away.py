# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fact that is missing never makes a check pass that did not pass with it, and breaks none."""

import json
import pathlib

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _registry
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _evaluate, _schema
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._state import GuestState

STATES = sorted((pathlib.Path(__file__).resolve().parents[5] / "examples/fleet/states").glob("*.json"))
DEPTH = 3
WORSE = ("fail", "warn", "unknown")


class Noting(GuestState):
    """A guest state that notes which of its sections are asked for."""

    def __init__(self, raw):
        super().__init__(raw)
        self.asked = set()

    def __getitem__(self, name):
        self.asked.add(name)
        return super().__getitem__(name)

    def __contains__(self, name):
        self.asked.add(name)
        return super().__contains__(name)


def judged(check, raw):
    """The status of a check, and the sections that it asked for."""
    state = Noting(raw)
    return _evaluate.judge(check, state).status, state.asked


def paths(facts, above=()):
    for name, value in facts.items():
        yield (*above, name)
        if isinstance(value, dict) and len(above) + 1 < DEPTH:
            yield from paths(value, (*above, name))


def without(facts, path):
    name, *below = path
    rest = {key: value for key, value in facts.items() if key != name}
    return {**rest, name: without(facts[name], below)} if below else rest


@pytest.mark.parametrize("file", STATES, ids=lambda file: file.stem)
def test_what_is_missing_makes_nothing_good(file):
    state = _schema.accept(json.loads(file.read_text("utf-8")))
    sections = {name: value for name, value in state.items() if isinstance(value, dict) and name != "missing"}
    checks = _registry.catalogue(state["platform"]).checks
    known = {id_: judged(check, state) for id_, check in checks.items()}
    for path in paths(sections):
        lacking = {**without(state, path), "missing": {**state["missing"], ".".join(path): "taken away"}}
        for id_, (status, asked) in known.items():
            if path[0] in asked:  # To the other checks it is the same state.
                now = judged(checks[id_], lacking)[0]
                assert status not in WORSE or now != "ok", (id_, path)
