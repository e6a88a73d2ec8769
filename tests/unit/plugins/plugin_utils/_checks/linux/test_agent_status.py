# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from agent_states import STOPPED, healthy, saying, tree
from support import fix_of, verdict

ID = "agent_status"


@pytest.mark.parametrize(
    ("age", "status"), [(3, "ok"), (600, "ok"), (601, "warn"), (1800, "warn"), (1801, "fail"), (90000, "fail")]
)
def test_age_of_the_status(age, status):
    assert verdict(ID, healthy(status={"age_s": age})).status == status


def test_an_agent_that_just_started_may_not_have_reported():
    assert verdict(ID, healthy(status={"age_s": 90000}, daemon={"age_s": 30})).status == "ok"
    assert verdict(ID, healthy(status={"age_s": 90000}, daemon={"age_s": 900})).status == "warn"


def test_stopped_is_another_condition():
    assert verdict(ID, healthy(STOPPED)).status == "not_applicable"


def test_an_agent_without_status_file():
    assert verdict(ID, healthy(status=None)).status == "not_applicable"


@pytest.mark.parametrize(("count", "age", "status"), [(3, 60, "fail"), (1, 60, "ok"), (30, 3600, "ok")])
def test_a_status_that_does_not_reach_the_platform(count, age, status):
    line = saying("status_not_sent", "Failed to report vm agent status", count=count, age_s=age)
    assert verdict(ID, healthy(line)).status == status


@pytest.mark.parametrize(("count", "age", "status"), [(3, 60, "fail"), (2, 60, "unknown"), (30, 3600, "unknown")])
def test_a_status_that_did_not_reach_the_platform_at_the_end_of_a_disk(count, age, status):
    line = saying("status_not_sent", "Failed to upload status blob via either channel", count=count, age_s=age)
    assert verdict(ID, tree(line)).status == status


def test_a_tree_does_not_say():
    assert verdict(ID, tree()).status == "unknown"


@pytest.mark.parametrize(
    "change", [{"status": {"age_s": 900}}, {"status": {"age_s": 90000}}, saying("status_not_sent", count=3)]
)
def test_the_fix_is_a_restart(change):
    found = verdict(ID, healthy(change))
    assert fix_of(found) == ("waagent_service", {"state": "restarted"}) and found.fix.slow


def test_hosts_that_are_silent_for_different_times_are_one_group():
    one, other = (verdict(ID, healthy(status={"age_s": age})) for age in (7200, 90000))
    assert one.why != other.why and one.key == other.key
