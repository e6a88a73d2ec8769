# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Healthy guests give no finding, and no state, however damaged, takes the engine down."""

import copy
import json
import random

import base_trees
import pytest
import support_cases as cases
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _schema
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._evaluate import VERDICTS
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import diagnose

SHIPPED = {"agent_auto_restart", "agent_autoupdate"}
"""What Debian's package itself leaves to the administrator."""

VALUES = (
    None,
    True,
    False,
    0,
    -1,
    10**12,
    3.5,
    "",
    "x",
    [],
    {},
    ["x"],
    {"x": None},
    [None],
    "168.63.129.16",
    "\0\ud7ff",
)


@pytest.mark.parametrize("name", cases.LIVE)
def test_a_healthy_running_guest(name, tmp_path):
    result = diagnose(cases.state_of({"live": name}, tmp_path))
    assert cases.findings(result) == {} and result["verdict"] == "ready", cases.ranking(result)


@pytest.mark.parametrize("name", ["debian-12", "debian-13"])
def test_debian_as_it_is_shipped(name):
    result = diagnose(_schema.accept(cases.fleet().capture(name)))
    assert set(cases.findings(result)) <= SHIPPED and result["verdict"] != "blocked", cases.ranking(result)


@pytest.mark.parametrize("name", [name for name in base_trees.BASES if name != "bare"])
def test_the_disk_of_a_healthy_guest(name, tmp_path):
    result = diagnose(cases.state_of({"tree": name}, tmp_path))
    assert cases.findings(result) == {} and result["verdict"] == "ready", cases.ranking(result)


@pytest.mark.parametrize("name", cases.LIVE)
def test_the_states_fit_their_schema(name, tmp_path):
    raw = cases.state_of({"live": name}, tmp_path)
    assert [path for path, why in raw["missing"].items() if "expected form" in why] == []


def paths(node, below=()):
    """All places of a state, inner ones after outer ones."""
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, item in items:
        yield (*below, key)
        yield from paths(item, (*below, key))


def mutated(raw, dice):
    state = copy.deepcopy(raw)
    for _step in range(dice.randint(1, 4)):
        places = list(paths(state))
        *outer, last = dice.choice(places)
        node = state
        for key in outer:
            node = node[key]
        if dice.random() < 0.4:
            del node[last]
        else:
            node[last] = copy.deepcopy(dice.choice(VALUES))
    return state


@pytest.mark.parametrize("name", cases.LIVE)
def test_a_damaged_state_takes_nothing_down(name):
    dice = random.Random(name)
    healthy = json.loads(json.dumps(cases.LIVE[name]()))
    for _round in range(150):
        state = mutated(healthy, dice)
        try:
            accepted = _schema.accept(state)
        except _schema.NoState:
            continue
        assert diagnose(accepted)["verdict"] in VERDICTS
