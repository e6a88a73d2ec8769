# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from snapshot_states import ended, snapshot, without
from support import verdict

HOLDER = {"pid": 4321, "name": "s2", "backup": False}


def test_another_product_holds_the_lock():
    result = verdict("freeze_lock", snapshot(extension={"lock.holder": HOLDER}))
    assert result.status == "warn" and "s2" in result.why and "s2" not in result.key


def test_the_backup_itself_holds_it():
    assert verdict("freeze_lock", snapshot(extension={"lock.holder": dict(HOLDER, backup=True)})).status == "ok"


def test_the_file_alone_says_nothing():
    assert verdict("freeze_lock", snapshot(extension={"lock.exists": True})).status == "ok"


def test_the_last_backup_met_another_product():
    raw = snapshot(extension=ended(121, signatures=["frozen_by_another"]))
    assert verdict("freeze_lock", raw).status == "fail"


def test_missing_facts():
    assert verdict("freeze_lock", without(snapshot(), "extension", "lock")).status == "unknown"
