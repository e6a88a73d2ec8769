# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from snapshot_states import conf, ended, snapshot, without
from support import fix_of, verdict

SET = conf(isanysnapshotfailed="True")


def test_the_flag_and_too_many_snapshots():
    found = verdict("snapshot_limit_flag", snapshot(extension=dict(ended(85), **SET)))
    assert found.status == "fail" and found.fix.confirm
    assert fix_of(found) == ("vmbackup_conf", {"settings": {"isanysnapshotfailed": False}})


def test_the_flag_after_another_failure():
    assert verdict("snapshot_limit_flag", snapshot(extension=dict(ended(76), **SET))).status == "warn"


def test_the_flag_beside_backups_that_work():
    assert verdict("snapshot_limit_flag", snapshot(extension=SET)).status == "ok"


def test_the_flag_is_down():
    assert verdict("snapshot_limit_flag", snapshot(extension=conf(isanysnapshotfailed="False"))).status == "ok"


def test_missing_facts():
    assert verdict("snapshot_limit_flag", without(snapshot(), "extension", "conf")).status == "unknown"
