# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from snapshot_states import STORAGE, snapshot, without
from support import verdict


def place(**facts):
    return dict(STORAGE["space"][0], **facts)


def test_no_inodes():
    eater = {"path": "/var/lib/waagent/events", "count": 100000}
    full = place(free_inodes=0, inodes_used_percent=100.0, entries=eater)
    result = verdict("disk_space", snapshot(storage={"space": [full]}))
    assert result.status == "fail" and "inode" in result.why and "/var/lib/waagent/events" in result.why
    assert "100,000 files" in result.why and result.key == "No free inodes for /var/lib/waagent"


def test_no_space():
    full = place(
        free_mib=0.0, root_free_mib=0.0, used_percent=100.0, largest={"path": "/var/log/waagent.log", "mib": 15000.0}
    )
    result = verdict("disk_space", snapshot(storage={"space": [full]}))
    assert result.status == "fail" and "/var/log/waagent.log" in result.why


def test_full_for_users_but_not_for_root():
    full = place(free_mib=0.0, root_free_mib=1500.0, used_percent=100.0)
    assert verdict("disk_space", snapshot(storage={"space": [full]})).status == "warn"


def test_full_where_the_agent_does_not_live():
    tmp = place(paths=["/tmp"], mount="/tmp", free_inodes=0, inodes_used_percent=100.0)
    assert verdict("disk_space", snapshot(storage={"space": [place(), tmp]})).status == "warn"


@pytest.mark.parametrize(("percent", "free"), [(96.0, 1200.0), (50.0, 90.0)])
def test_nearly_full(percent, free):
    tight = place(used_percent=percent, free_mib=free, root_free_mib=free)
    result = verdict("disk_space", snapshot(storage={"space": [tight]}))
    assert result.status == "warn" and f"{percent} % used" in result.why and "%" not in result.key


def test_a_small_partition_with_room():
    small = place(total_mib=64.0, free_mib=40.0, root_free_mib=40.0, paths=["/tmp"], mount="/tmp")
    assert verdict("disk_space", snapshot(storage={"space": [small]})).status == "ok"


def test_the_threshold_is_the_operators():
    assert verdict("disk_space", snapshot(), max_disk_percent=20.0).status == "warn"


def test_missing_facts():
    assert verdict("disk_space", without(snapshot(), "storage", "space")).status == "unknown"
