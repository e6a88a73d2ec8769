# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from agent_states import STOPPED, healthy, saying, tree, without
from support import fix_of, verdict

ID = "agent_disable_marker"
MARKER = {"disabled_by": "/var/lib/waagent/disable_agent"}


def test_absent():
    assert verdict(ID, healthy()).status == "ok"


def test_the_agent_sleeps():
    assert verdict(ID, healthy(MARKER, handler=None)).status == "fail"
    assert verdict(ID, healthy(STOPPED, MARKER)).status == "fail"
    assert verdict(ID, tree(MARKER)).status == "fail"


def test_it_counts_at_the_next_start():
    assert verdict(ID, healthy(MARKER)).status == "warn"


def test_an_agent_that_was_not_restarted_since_still_sleeps():
    line = saying("agent_disabled", "Disabling the guest agent by sleeping forever")
    found = verdict(ID, healthy(line, handler=None))
    assert found.status == "fail" and "still sleeps" in found.why
    assert verdict(ID, healthy(line)).status == "ok"
    assert verdict(ID, healthy(STOPPED, line)).status == "ok"


def test_missing():
    assert verdict(ID, without("disabled_by")).status == "unknown"


def test_the_log_of_a_tree_without_the_agents_directory():
    raw = tree(saying("agent_disabled"))
    del raw["agent"]["disabled_by"]
    assert verdict(ID, raw).status == "fail"


@pytest.mark.parametrize("change", [MARKER, {**MARKER, "handler": None}, {**saying("agent_disabled"), "handler": None}])
def test_the_fix_removes_it_and_needs_agreement(change):
    found = verdict(ID, healthy(change))
    assert fix_of(found) == ("waagent_service", {"remove_disable_marker": True, "state": "restarted"})
    assert found.fix.confirm and found.fix.slow
