# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from snapshot_states import snapshot, without
from support import verdict

ID = "zfs_pools"


def test_a_pool():
    found = verdict(ID, snapshot(storage={"zfs": ["/tank", "/tank/home"], "mounts_from": "/proc/self/mountinfo"}))
    assert found.status == "warn" and "2 mounts" in found.why


def test_none():
    assert verdict(ID, snapshot(storage={"zfs": []})).status == "ok"


def test_missing():
    assert verdict(ID, without(snapshot(storage={"zfs": []}), "storage", "zfs")).status == "unknown"
