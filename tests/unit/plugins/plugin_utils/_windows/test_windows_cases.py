# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reported cases give their cause, normal states give none, and no damaged state breaks the engine."""

import random

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _evaluate, _schema
from windows_cases import CASES, NORMAL
from windows_states import HEALTHY, edited


def test_a_healthy_guest_is_ready():
    result = _evaluate.evaluate(HEALTHY)
    assert (result["verdict"], result["first_cause"]) == ("ready", None)


def test_the_healthy_guest_fits_its_schemas():
    assert _schema.accept(HEALTHY) == HEALTHY


@pytest.mark.parametrize("name", CASES)
def test_first_cause(name):
    cause, edits = CASES[name]
    result = _evaluate.evaluate(edited(edits))
    found = [(f["id"], f["status"], f["consequence_of"]) for f in result["findings"] if f["status"] in ("fail", "warn")]
    assert result["first_cause"] == cause, found


@pytest.mark.parametrize("name", NORMAL)
def test_no_finding(name):
    result = _evaluate.evaluate(edited(NORMAL[name]))
    assert [(f["id"], f["why"]) for f in result["findings"] if f["status"] in ("fail", "warn")] == []


@pytest.mark.parametrize("name", CASES)
def test_cases_fit_the_schemas(name):
    raw = edited(CASES[name][1])
    assert _schema.accept(raw)["missing"].keys() - raw["missing"].keys() <= {"backup.writers"}


JUNK = (None, True, -1, 4294967296, 0.5, "", "\x00\uffff", "a" * 5000, [], [None], [[]], {}, {"x": {"y": 1}}, [{}])


def test_no_mutated_state_breaks_the_engine():
    dice = random.Random(6)
    bases = [edited(edits) for _cause, edits in CASES.values()]
    for _round in range(1000):
        raw = edited({})
        raw.update(dice.choice(bases))
        for _edit in range(dice.randint(1, 6)):
            raw = _mutated(dice, raw)
        result = _evaluate.evaluate(raw)
        assert result["verdict"] in _evaluate.VERDICTS


def _mutated(dice, raw):
    """A copy in which one thing somewhere below the sections is gone, or is something else."""
    raw = dict(raw)
    node = raw
    name = dice.choice([key for key in raw if key not in ("schema", "platform", "mode")])
    for _depth in range(dice.randint(0, 5)):
        child = node[name]
        if isinstance(child, dict) and child:
            child = dict(child)
            inner = dice.choice(list(child))
        elif isinstance(child, list) and child:
            child = list(child)
            inner = dice.randrange(len(child))
        else:
            break
        node[name] = child
        node, name = child, inner
    if dice.random() < 0.3:
        del node[name]
    else:
        node[name] = dice.choice(JUNK)
    return raw
