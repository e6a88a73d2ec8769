# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reported cases of Linux guests: the cause that a report names must be named first."""

import json

import pytest
import support_cases as cases
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _evaluate
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import catalogue, diagnose
from declared import ENVELOPE, NotingState

ALL = cases.load("linux")


@pytest.mark.parametrize(("case", "guest"), ALL, ids=[cases.name(*pair) for pair in ALL])
def test_the_reported_cause_comes_first(tmp_path, case, guest, record_property):
    result = diagnose(cases.state_of(guest, tmp_path))
    record_property("answer", cases.answer(case, guest, result))
    found, shown = cases.findings(result), cases.ranking(result)
    if "first_cause" in guest:
        assert result["first_cause"] == guest["first_cause"], shown
    if "verdict" in guest:
        assert result["verdict"] == guest["verdict"], shown
    for id_ in guest.get("follows", ()):
        assert id_ in found and found[id_]["consequence_of"], f"{id_} is no consequence\n{shown}"
    for id_ in guest.get("quiet", ()):
        assert id_ not in found, f"{id_} is a false alarm\n{shown}"


FAULTS = [(case, guest) for case, guest in ALL if "first_cause" in guest and guest["first_cause"]]


NO_GAP = {"agent_installed": {"agent.modules"}}
"""A tree without Python's directories says nothing of packages: that is all that it holds, and no gap."""


def without(facts, path):
    """The facts without one of them; None where the path leads into a list or to nothing."""
    name, *below = path
    if not isinstance(facts, dict) or name not in facts:
        return None
    rest = {key: value for key, value in facts.items() if key != name}
    if not below:
        return rest
    inner = without(facts[name], below)
    return None if inner is None else {**rest, name: inner}


@pytest.mark.parametrize(("case", "guest"), FAULTS, ids=[cases.name(*pair) for pair in FAULTS])
def test_no_cause_becomes_healthy_without_a_fact(tmp_path, case, guest):
    """Whatever fact the first cause rests on is taken away: its check is unknown or weaker, or another one speaks."""
    state = cases.state_of(guest, tmp_path)
    check = catalogue(state["platform"]).checks[guest["first_cause"]]
    noting = NotingState(state, None)
    if _evaluate.judge(check, noting).status not in cases.BAD:
        pytest.skip("only a message names this cause")
    healthy = []
    for path in sorted(noting.read - ENVELOPE - NO_GAP.get(check.id, set())):
        lacking = without(state, path.split("."))
        if lacking is None:
            continue
        lacking["missing"] = {**state["missing"], path: "taken away"}
        found = _evaluate.judge(check, NotingState(json.loads(json.dumps(lacking)), None))
        if found.status == "ok" and diagnose(lacking)["verdict"] == "ready":
            healthy.append(path)
    assert healthy == [], f"{check.id} is ok without them, and the guest ready"
