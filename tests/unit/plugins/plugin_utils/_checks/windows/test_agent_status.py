# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""agent_status: the rule, its neighbours, what fixes it, and missing facts."""

import pytest
from support import advice_of, verdict
from windows_states import GONE, edited

ID = "agent_status"
STALE = {"agent.aggregate.modified": "2026-11-20T05:00:00Z"}
LONG_SILENT_LOG = {
    "agent.log.last": "[00000009] [11/22/2026 05:00:12.950] [INFO]  Working",
    "identity.boot_time": "2026-11-02T22:00:00Z",
}


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"agent.aggregate.status": "NotReady"}, "fail", "NotReady"),
        ({"agent.aggregate": None}, "not_applicable", ""),
        ({"agent.aggregate.uploaded": "2026-11-23T05:00:00Z"}, "warn", "upload"),
        ({"agent.aggregate.modified": "2026-11-22T05:00:00Z"}, "warn", "60 minutes"),
        ({"agent.aggregate.uploaded": "gestern"}, "ok", ""),
        ({"agent.aggregate.modified": "2026-11-22T05:00:00Z", **LONG_SILENT_LOG}, "fail", "27 hours"),
        # It has only just been started: while it was off, nobody wrote.
        ({**STALE, **LONG_SILENT_LOG, "identity.boot_time": "2026-11-23T08:02:00Z"}, "ok", ""),
        ({**STALE, "identity.boot_time": "2026-11-23T08:02:00Z"}, "ok", ""),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize(
    ("edits", "what"),
    [
        ({"agent.aggregate.uploaded": "2026-11-23T05:00:00Z"}, "-Port 32526"),
    ],
)
def test_what_to_do_by_hand(edits, what):
    assert what in advice_of(verdict(ID, edited(edits)))


@pytest.mark.parametrize(
    "fact",
    ["agent.aggregate", "agent.aggregate.modified", "agent.aggregate.written", "agent.aggregate.uploaded"],
)
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
