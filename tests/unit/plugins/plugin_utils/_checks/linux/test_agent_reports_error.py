# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from agent_states import healthy, tree
from support import verdict

ID = "agent_reports_error"


def repeats(**changes):
    one = {
        "level": "error",
        "text": "ERROR ExtHandler ExtHandler x",
        "detail": "KeyError: 'y'",
        "set_off": None,
        "count": 600,
        "every_s": 6,
        "age_s": 3,
        "since_success": True,
    }
    return {"log": {"repeated": [{**one, **changes}]}}


def test_an_error_of_every_round():
    found = verdict(ID, healthy(repeats()))
    assert found.status == "warn" and "600 times" in found.why
    assert "KeyError" in str(found.evidence[0].value)


@pytest.mark.parametrize(
    "change",
    [
        {"since_success": False},
        {"every_s": 3600, "age_s": 10},
        {"age_s": 3000},
        {"level": "warning"},  # the agent reports all the same
    ],
)
def test_what_says_little(change):
    assert verdict(ID, healthy(repeats(**change))).status == "ok"


def test_a_warning_counts_where_the_agent_does_not_report():
    assert verdict(ID, healthy(repeats(level="warning"), status={"age_s": 90_000})).status == "warn"
    assert verdict(ID, tree(repeats(level="warning"))).status == "warn"


def test_hosts_with_the_same_error_are_one_group():
    assert verdict(ID, healthy(repeats())).key == verdict(ID, healthy(repeats(count=12))).key


def test_none_and_missing():
    assert verdict(ID, healthy()).status == "ok"
    assert verdict(ID, healthy(log=None)).status == "not_applicable"
    raw = healthy()
    del raw["agent"]["log"]
    assert verdict(ID, raw).status == "unknown"
