# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from azure_states import POINTS, azure_state
from support import verdict

ID = "points_collection"


@pytest.mark.parametrize(
    ("word", "of_backup", "status"),
    [
        ("Succeeded", True, "ok"),
        ("Deleting", True, "warn"),
        ("Failed", True, "warn"),
        ("Deleting", False, "ok"),
    ],
)
def test_its_state(word, of_backup, status):
    one = {"id": f"{POINTS}/c", "resource_group": "g", "of_backup": of_backup, "count": 1, "oldest": None}
    assert verdict(ID, azure_state(points={"collections": [{**one, "provisioning_state": word}]})).status == status


def test_missing():
    assert verdict(ID, azure_state(missing={"points": "no permission"})).status == "unknown"
