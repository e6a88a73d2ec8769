# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from agent_states import healthy, saying, tree, without
from support import verdict

ID = "goal_state_cache"
OLD = {"version": {"value": "2.2.19"}}
LINE = saying("goal_state_file_missing", "[ProtocolError] /var/lib/waagent/GoalState.1.xml is missing.")
FULL = {"goal_state_files": {"count": 50, "lowest": 51, "highest": 100, "incarnation": None, "current_is_there": None}}
BEHIND = {"goal_state_files": {"count": 50, "lowest": 51, "highest": 100, "incarnation": 1, "current_is_there": False}}


def test_clean():
    assert verdict(ID, healthy(OLD)).status == "ok"


def test_the_agent_says_so():
    assert verdict(ID, healthy(OLD, LINE, FULL)).status == "fail"
    assert verdict(ID, tree(OLD, LINE, FULL)).status == "fail"


def test_files_alone_are_a_warning():
    assert verdict(ID, healthy(OLD, FULL)).status == "warn"
    assert verdict(ID, healthy(OLD, BEHIND)).status == "warn"


def test_later_agents_keep_placeholders_only():
    assert verdict(ID, healthy(LINE, BEHIND, version={"value": "2.8.0.11"})).status == "not_applicable"


def test_an_unknown_version_does_not_hide_the_error():
    assert verdict(ID, healthy(LINE, FULL, version={"value": None})).status == "fail"


def test_missing():
    assert verdict(ID, without("goal_state_files")).status == "unknown"


def test_placeholders():
    empty = {"goal_state_files": {"placeholders": True}}
    assert verdict(ID, healthy(OLD, BEHIND, empty)).status == "ok"


def test_the_log_of_a_tree_without_the_agents_directory():
    raw = tree(OLD, LINE)
    del raw["agent"]["goal_state_files"]
    assert verdict(ID, raw).status == "fail"
