# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from azure_states import ITEM, JOB, azure_state
from support import verdict

ID = "last_point"


def state(last, last_status="Completed", **policy):
    items = [{**ITEM, "last_point": last, "last_status": last_status}]
    return azure_state(protection={"items": items}, policy=policy)


@pytest.mark.parametrize(
    ("last", "policy", "status"),
    [
        ("2026-03-01T22:31:00Z", {}, "ok"),
        ("2026-02-28T22:31:00Z", {}, "ok"),
        ("2026-02-27T22:31:00Z", {}, "warn"),
        ("2026-03-01T22:31:00Z", {"interval_hours": 4}, "ok"),
        ("2026-03-01T20:31:00Z", {"interval_hours": 4}, "warn"),
        ("2026-02-20T22:31:00Z", {"interval_hours": None, "frequency": "Weekly"}, "ok"),
        ("2026-02-15T22:31:00Z", {"interval_hours": None, "frequency": "Weekly"}, "warn"),
        ("2026-02-27T22:31:00Z", {"interval_hours": None, "frequency": None}, "warn"),
    ],
)
def test_its_age(last, policy, status):
    assert verdict(ID, state(last, **policy)).status == status


def test_none_yet():
    assert verdict(ID, state(None, last_status=None)).status == "not_applicable"
    assert verdict(ID, state(None, last_status="Failed")).status == "warn"


def pending(*jobs):
    items = [{**ITEM, "protection_state": "IRPending", "last_point": None, "last_status": None, "last_time": None}]
    return azure_state(protection={"items": items}, jobs=list(jobs))


def test_a_first_backup_may_take_two_days():
    assert verdict(ID, pending()).status == "warn"
    young = pending()
    young["vm"]["created"] = "2026-03-01T00:00:00Z"
    assert verdict(ID, young).status == "not_applicable"


def test_a_first_backup_has_until_the_next_run_of_its_policy():
    configured = {**JOB, "operation": "ConfigureBackup", "started": "2026-02-27T06:00:00Z"}
    late = pending(configured)
    assert verdict(ID, late).status == "warn"
    late["policy"].update(frequency="Weekly", interval_hours=None)
    assert verdict(ID, late).status == "not_applicable"
    assert verdict(ID, pending({**configured, "started": "2026-03-02T05:00:00Z"})).status == "not_applicable"


def test_a_first_backup_that_runs_is_not_overdue():
    running = {**JOB, "status": "InProgress", "started": "2026-03-01T12:00:00Z", "ended": None}
    assert verdict(ID, pending(running)).status == "not_applicable"
    assert verdict(ID, pending({**running, "started": "2026-02-27T12:00:00Z"})).status == "warn"


def test_not_protected():
    assert verdict(ID, azure_state(policy=None)).status == "not_applicable"


def test_missing():
    assert verdict(ID, azure_state(missing={"policy": "not asked"})).status == "unknown"
