# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from agent_states import healthy, saying, tree, without
from support import fix_of, verdict

ID = "agent_goal_state"


def error(text="Error fetching the goal state: x", age_s=60):
    return saying("goal_state_unreadable", text, age_s=age_s)


def test_none():
    assert verdict(ID, healthy()).status == "ok"


def test_the_last_word_is_an_error():
    assert verdict(ID, healthy(error())).status == "fail"
    assert verdict(ID, tree(error())).status == "fail"


def test_the_crash_that_hides_the_reason():
    found = verdict(ID, healthy(error("format_exception() got an unexpected keyword argument 'etype'")))
    assert found.status == "fail" and "crashes" in found.why


def test_an_old_error_of_an_agent_that_reports_is_history():
    assert verdict(ID, healthy(error(age_s=8 * 3600))).status == "ok"
    assert verdict(ID, healthy(error(age_s=8 * 3600), status={"age_s": 9000})).status == "fail"


def test_what_the_log_calls_earlier_is_history():
    state = healthy()
    state["agent"]["log"]["earlier"] = error()["log"]["current"]
    assert verdict(ID, state).status == "ok"


def test_no_log():
    assert verdict(ID, healthy(log=None)).status == "not_applicable"


def test_missing():
    assert verdict(ID, without("log")).status == "unknown"


def test_the_fix_is_a_restart():
    for text in ("Error fetching the goal state: x", "unexpected keyword argument 'etype'"):
        found = verdict(ID, healthy(error(text)))
        assert fix_of(found) == ("waagent_service", {"state": "restarted"}) and found.fix.slow
