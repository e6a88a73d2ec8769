# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from azure_states import JOB, azure_state
from support import verdict

ID = "job_running"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, "ok"),
        ({"status": "InProgress"}, "ok"),
        ({"status": "InProgress", "started": "2026-03-01T05:00:00Z"}, "warn"),
        ({"status": "InProgress", "started": "2026-03-01T05:00:00Z", "operation": "Restore"}, "ok"),
        ({"status": "InProgress", "started": None}, "ok"),
        ({"status": "Cancelling", "started": "2026-03-01T05:00:00Z"}, "warn"),
    ],
)
def test_a_job(change, status):
    assert verdict(ID, azure_state(jobs=[{**JOB, **change}])).status == status


def test_missing():
    assert verdict(ID, azure_state(missing={"jobs": "not asked"})).status == "unknown"
