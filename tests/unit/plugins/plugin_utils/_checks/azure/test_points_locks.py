# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from azure_states import GROUP, POINTS, SUBSCRIPTION, azure_state
from support import verdict

ID = "points_locks"


@pytest.mark.parametrize(
    ("scope", "level", "status"),
    [
        (POINTS, "CanNotDelete", "warn"),
        (POINTS.upper(), "CanNotDelete", "warn"),
        (SUBSCRIPTION, "CanNotDelete", "warn"),
        (POINTS, "ReadOnly", "fail"),
        (GROUP, "CanNotDelete", "ok"),
        (f"{POINTS}0", "CanNotDelete", "ok"),
    ],
)
def test_a_lock(scope, level, status):
    lock = {"id": f"{scope}/lock", "name": "keep", "level": level, "scope": scope}
    assert verdict(ID, azure_state(locks=[lock])).status == status


def test_no_lock():
    assert verdict(ID, azure_state()).status == "ok"


def test_missing():
    assert verdict(ID, azure_state(missing={"locks": "no permission"})).status == "unknown"


@pytest.mark.parametrize(
    ("scope", "policy", "status"),
    [
        (SUBSCRIPTION, {}, "warn"),
        (POINTS, {}, "warn"),
        (GROUP, {}, "ok"),
        (f"{SUBSCRIPTION}/resourceGroups/points-1-x", {"points_prefix": "points-", "points_suffix": "-x"}, "warn"),
        (POINTS, {"points_prefix": "points-"}, "ok"),
        (SUBSCRIPTION, None, "ok"),
    ],
)
def test_a_lock_where_no_point_was_made_yet(scope, policy, status):
    lock = {"id": f"{scope}/lock", "name": "keep", "level": "CanNotDelete", "scope": scope}
    state = azure_state(locks=[lock], points={"collections": []}, policy=policy, vm={"location": "West Europe"})
    assert verdict(ID, state).status == status
