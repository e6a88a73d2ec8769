# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from azure_states import DISK, azure_state
from support import advice_of, verdict

ID = "disk_state"


@pytest.mark.parametrize(
    ("word", "status"),
    [("Attached", "ok"), ("Reserved", "ok"), (None, "ok"), ("ActiveSAS", "warn"), ("ReadyToUpload", "warn")],
)
def test_each_state(word, status):
    assert verdict(ID, azure_state(disks=[{**DISK, "state": word}])).status == status


def test_hibernated():
    found = verdict(ID, azure_state(disks=[{**DISK, "state": "Frozen"}]))
    assert found.status == "warn" and "hibernated" in found.why and "revoke" not in advice_of(found)


def test_waking_it_goes_before_what_loses_its_memory():
    advice = advice_of(verdict(ID, azure_state(disks=[{**DISK, "state": "Frozen"}])))
    assert advice.index("Start the machine") < advice.index("deallocate") < advice.index("discards the memory")


def test_missing():
    assert verdict(ID, azure_state(missing={"disks": "not asked"})).status == "unknown"
