# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from snapshot_states import MOUNT, ended, not_installed, snapshot, without
from support import verdict

TWICE = {"twice": [{"device": "8:33", "targets": ["/data/db", "/data/dblog"], "read_from": "/proc/self/mountinfo"}]}
UNSEEN = dict(TWICE, **{"lsblk.complete": False})


def test_mounted_twice_and_the_last_backup_could_not_freeze():
    assert verdict("mounts_unique", snapshot(extension=ended(121), storage=UNSEEN)).status == "fail"


def test_mounted_twice_before_any_backup():
    assert verdict("mounts_unique", snapshot(extension=not_installed(), storage=UNSEEN)).status == "warn"


def test_mounted_twice_and_backups_work():
    assert verdict("mounts_unique", snapshot(storage=UNSEEN)).status == "ok"


@pytest.mark.parametrize("extension", [ended(121), not_installed()])
def test_the_extension_sees_one_of_the_two(extension):
    once = {"frozen": [dict(MOUNT, target="/data/db", device="8:33"), dict(MOUNT, target="/", device="8:1")]}
    result = verdict("mounts_unique", snapshot(extension=extension, storage=dict(TWICE, **once)))
    assert result.status == "ok" and "once" in result.why


def test_the_extension_itself_would_freeze_twice():
    both = {"frozen": [dict(MOUNT, target="/a", device="8:33"), dict(MOUNT, target="/b", device="8:33")]}
    assert verdict("mounts_unique", snapshot(storage=dict(TWICE, **both))).status == "fail"
    both["lsblk.complete"] = False
    assert verdict("mounts_unique", snapshot(storage=dict(TWICE, **both))).status == "ok"


def test_missing_facts():
    assert verdict("mounts_unique", without(snapshot(), "storage", "twice")).status == "unknown"
