# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from azure_states import POINTS, azure_state
from support import verdict

ID = "restore_points"


def state(count, policy="V1", others=0):
    one = {"id": f"{POINTS}/c", "resource_group": "g", "provisioning_state": "Succeeded", "oldest": None}
    collections = [{**one, "of_backup": True, "count": count}, {**one, "of_backup": False, "count": others}]
    return azure_state(points={"collections": collections}, policy={"type": policy})


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (state(17), "ok"),
        (state(18), "fail"),
        (state(2, others=18), "ok"),
        (state(30, "V2"), "ok"),
        (state(30, "V2", 430), "warn"),
        (state(30, "V2", 470), "fail"),
        (state(None, others=None), "not_applicable"),
        (state(18, others=None), "fail"),
        (state(2, others=None), "ok"),
        (state(None, "V2", 500), "fail"),
    ],
)
def test_the_number(raw, status):
    assert verdict(ID, raw).status == status


def test_missing():
    assert verdict(ID, azure_state(missing={"points": "no permission"})).status == "unknown"
