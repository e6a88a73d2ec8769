# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from agent_states import STOPPED, healthy, saying, tree
from support import fix_of, verdict

ID = "exthandler_running"


def test_running():
    assert verdict(ID, healthy()).status == "ok"


def test_the_daemon_alone_is_not_enough():
    found = verdict(ID, healthy(saying("handler_launch_failed", "exited"), handler=None))
    assert found.status == "fail" and found.evidence[-1].value == "exited"


def test_just_after_a_start_nothing_is_said():
    assert verdict(ID, healthy(handler=None, daemon={"age_s": 5})).status == "unknown"


def test_a_sleeping_agent_never_starts_one():
    state = healthy(handler=None, daemon={"age_s": 5}, disabled_by="/var/lib/waagent/disable_agent")
    assert verdict(ID, state).status == "fail"


def test_halted_by_a_signal():
    assert verdict(ID, healthy(handler={"state": "T"})).status == "fail"


def test_without_a_daemon_it_is_another_condition():
    assert verdict(ID, healthy(STOPPED)).status == "not_applicable"


def test_a_tree_does_not_say():
    assert verdict(ID, tree()).status == "unknown"


def test_the_fix_is_a_restart():
    for change in ({"handler": None}, {"handler": {"state": "T"}}):
        found = verdict(ID, healthy(change))
        assert fix_of(found) == ("waagent_service", {"state": "restarted"}) and found.fix.slow
