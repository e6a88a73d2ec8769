# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fact that is missing never makes a check pass that did not pass with it, and breaks none."""

import copy
import json
import pathlib

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _schema
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._want import Want
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import diagnose

STATES = sorted((pathlib.Path(__file__).resolve().parents[5] / "examples/fleet/states").glob("*.json"))
DEPTH = 3


def statuses(state):
    found = diagnose(_schema.accept(state), want=Want(), only=frozenset(), skip=frozenset())
    return {finding["id"]: finding["status"] for finding in found["findings"]}


def paths(facts, above=()):
    for name, value in facts.items():
        yield (*above, name)
        if isinstance(value, dict) and len(above) + 1 < DEPTH:
            yield from paths(value, (*above, name))


def without(state, path):
    state = copy.deepcopy(state)
    facts = state
    for name in path[:-1]:
        facts = facts[name]
    del facts[path[-1]]
    state["missing"][".".join(path)] = "taken away"
    return state


@pytest.mark.parametrize("file", STATES, ids=lambda file: file.stem)
def test_what_is_missing_makes_nothing_good(file):
    state = json.loads(file.read_text("utf-8"))
    sections = {name: value for name, value in state.items() if isinstance(value, dict) and name != "missing"}
    known = statuses(state)
    for path in paths(sections):
        for id_, status in statuses(without(state, path)).items():
            assert (known[id_], status) not in {("fail", "ok"), ("warn", "ok"), ("unknown", "ok")}, (id_, path)
