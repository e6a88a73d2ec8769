# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reported cases of Windows guests: the cause that a report names must be named first."""

import random

import pytest
import support_cases as cases
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _schema
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._evaluate import VERDICTS
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import diagnose
from windows_guests import state_of
from windows_states import EVENTS_READ

ALL = cases.load("windows")
IDS = [cases.name(*pair) for pair in ALL]


@pytest.mark.parametrize(("case", "guest"), ALL, ids=IDS)
def test_the_reported_cause_comes_first(case, guest, record_property):
    result = diagnose(state_of(guest))
    record_property("answer", cases.answer(case, guest, result))
    cases.expect(guest, result)


@pytest.mark.parametrize(("case", "guest"), ALL, ids=IDS)
def test_the_states_are_of_the_documented_form(case, guest):
    raw = state_of(guest)
    assert _schema.accept(raw)["missing"].keys() - raw["missing"].keys() <= set(guest.get("lacks", ()))


@pytest.mark.parametrize(("case", "guest"), ALL, ids=IDS)
def test_its_events_are_those_that_the_probe_reads(case, guest):
    found = {(kind, event["id"]) for kind, events in state_of(guest)["events"].items() for event in events}
    assert {(kind, number) for kind, number in found if number not in EVENTS_READ[kind]} == set()


FAULTS = cases.faults(ALL)


@pytest.mark.parametrize(("case", "guest"), FAULTS, ids=[cases.name(*pair) for pair in FAULTS])
def test_no_cause_becomes_healthy_without_a_fact(case, guest):
    """Whatever fact the first cause rests on is taken away: its check is unknown or weaker, or another one speaks."""
    healthy = cases.healthy_without_a_fact(_schema.accept(state_of(guest)), guest["first_cause"])
    if healthy is None:
        pytest.skip("only a message names this cause")
    assert healthy == [], f"{guest['first_cause']} is ok without them, and the guest ready"


JUNK = (None, True, -1, 4294967296, 0.5, "", "\x00\uffff", "a" * 5000, [], [None], [[]], {}, {"x": {"y": 1}}, [{}])


def test_no_mutated_state_breaks_the_engine():
    dice = random.Random(6)
    bases = [state_of(guest) for _case, guest in ALL]
    for _round in range(1000):
        raw = dice.choice(bases)
        for _edit in range(dice.randint(1, 6)):
            raw = _mutated(dice, raw)
        assert diagnose(raw)["verdict"] in VERDICTS


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
