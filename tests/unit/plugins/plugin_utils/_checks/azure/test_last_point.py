# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from azure_states import ITEM, azure_state
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


def test_not_protected():
    assert verdict(ID, azure_state(policy=None)).status == "not_applicable"


def test_missing():
    assert verdict(ID, azure_state(missing={"policy": "not asked"})).status == "unknown"
