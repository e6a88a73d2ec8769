# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""other_extensions: the rule, its neighbours, and missing facts."""

import pytest
from support import verdict
from windows_states import GONE, HEALTHY, edited

ID = "other_extensions"


def beside(**told):
    """A second extension in the agent's report."""
    own = HEALTHY["agent"]["aggregate"]["handlers"][0]
    return {"agent.aggregate.handlers": [own, {**own, "name": "Example.Scanner", **told}]}


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"agent.aggregate": None}, "not_applicable", "not reported"),
        (beside(status="NotReady", code=53, message="exit code 1603"), "warn", "with code 53"),
        (beside(status="Unresponsive"), "warn", "does not respond"),
        (beside(result="error"), "warn", "has failed"),
        (beside(result="transitioning", result_age_s=6000), "warn", "90 minutes"),
        (beside(result="transitioning", result_age_s=600), "ok", ""),
        (beside(status="NotReady", code=0), "ok", ""),
        (beside(status="Installing"), "ok", ""),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize("fact", ["agent.aggregate"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
