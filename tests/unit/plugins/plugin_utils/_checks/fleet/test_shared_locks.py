# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from azure_states import POINTS, SUBSCRIPTION, VM, azure_state
from support import of_fleet

ID = "shared_locks"


def machines(number, *locks, name="web"):
    found = [{"id": f"{scope}/{lock}", "name": lock, "level": "CanNotDelete", "scope": scope} for lock, scope in locks]
    return {f"{name}{one}": azure_state(locks=found) for one in range(number)}


@pytest.mark.parametrize(
    ("number", "scope", "status"),
    [(3, SUBSCRIPTION, "warn"), (3, POINTS, "warn"), (2, SUBSCRIPTION, "ok"), (5, VM, "ok")],
)
def test_one_lock_behind_several_machines(number, scope, status):
    assert of_fleet(ID, machines(number, ("keep", scope))).status == status


def test_the_lock_is_named_with_all_machines():
    found = of_fleet(ID, machines(3, ("keep", SUBSCRIPTION)) | machines(4, ("points", POINTS), name="db"))
    assert found.why == f"The lock points on {POINTS} applies to the restore points of 4 machines"
    assert len(found.hosts) == 7
    assert [one.value for one in found.evidence] == [4, 3]


def test_missing():
    assert of_fleet(ID, {"dark": azure_state(missing={"locks": "no permission"})}).status == "unknown"
