# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from snapshot_states import MOUNT, ended, not_installed, snapshot, without
from support import verdict

TWICE = {"twice": [{"device": "8:33", "targets": ["/data/db", "/data/dblog"], "read_from": "/proc/self/mountinfo"}]}


def test_mounted_twice_and_the_last_backup_could_not_freeze():
    assert verdict("mounts_unique", snapshot(extension=ended(121), storage=TWICE)).status == "fail"


def test_mounted_twice_before_any_backup():
    assert verdict("mounts_unique", snapshot(extension=not_installed(), storage=TWICE)).status == "warn"


def test_mounted_twice_and_backups_work():
    assert verdict("mounts_unique", snapshot(storage=TWICE)).status == "ok"


def test_the_extension_itself_would_freeze_twice():
    both = {"frozen": [dict(MOUNT, target="/a", device="8:33"), dict(MOUNT, target="/b", device="8:33")]}
    assert verdict("mounts_unique", snapshot(storage=dict(TWICE, **both))).status == "fail"
    both["lsblk.complete"] = False
    assert verdict("mounts_unique", snapshot(storage=dict(TWICE, **both))).status == "ok"


def test_missing_facts():
    assert verdict("mounts_unique", without(snapshot(), "storage", "twice")).status == "unknown"
