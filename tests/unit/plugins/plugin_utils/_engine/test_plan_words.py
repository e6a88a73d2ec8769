# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No plan and no verdict rests on a sentence: evidence and causes reworded change nothing but themselves."""

import json
import pathlib

import pytest
import support_cases as cases
import windows_guests
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _evaluate, _schema
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._model import CLASSES
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._plan import plan
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._want import Proxy, Want
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import catalogue, diagnose
from support import reworded

NOON = 1795694400.0
WANTS = Want(), Want(expect_proxy=False), Want(expect_proxy=Proxy("10.0.0.5", 3128, (".internal",)))
FLEET = pathlib.Path(__file__).resolve().parents[5] / "examples/fleet/states"


@pytest.fixture(scope="module")
def states(tmp_path_factory):
    found = [json.loads(path.read_text("utf-8")) for path in sorted(FLEET.glob("*.json"))]
    found += cases.linux_states(tmp_path_factory.mktemp("trees"))
    found += [windows_guests.state_of(guest) for _case, guest in cases.load("windows")]
    return [_schema.accept(state) for state in found]


def decided(state, want):
    """Everything of a diagnosis and its plan that is no sentence."""
    diagnosis = diagnose(state, want=want)
    made = plan(diagnosis, catalogue(state["platform"]), NOON, allow=CLASSES)
    findings = [(f["id"], f["status"], f["consequence_of"], f["remedy"], f["fix"]) for f in diagnosis["findings"]]
    steps = [{name: value for name, value in step.items() if name != "why"} for step in made["steps"]]
    return diagnosis["verdict"], diagnosis["first_cause"], findings, steps, [one["check"] for one in made["left"]]


@pytest.mark.parametrize("want", WANTS, ids=lambda want: str(want.expect_proxy))
def test_reworded_evidence_and_causes_decide_the_same(states, want, monkeypatch):
    monkeypatch.setattr(
        _evaluate, "safe", lambda told: told
    )  # It takes most of the time, for nothing that is compared.
    as_worded = [decided(state, want) for state in states]
    assert any(steps for _verdict, _first, _findings, steps, _left in as_worded)
    with reworded():
        for state, was in zip(states, as_worded, strict=True):
            assert decided(state, want) == was
