# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from snapshot_states import MOUNT, ended, snapshot, without
from support import advice_of, verdict

FAILURE = {"step": "fifreeze", "mount": "/data", "error": "Device or resource busy"}


def mounts(**facts):
    return {"frozen": [dict(MOUNT, target="/", device="8:1", **facts)]}


def test_the_last_backup_could_not_freeze():
    result = verdict("fs_freezable", snapshot(extension=ended(121, failures=[FAILURE])))
    assert result.status == "fail" and "/data (Device or resource busy)" in result.why


def test_the_mount_that_refused_is_gone():
    raw = snapshot(extension=ended(121, failures=[FAILURE]), storage=mounts())
    assert verdict("fs_freezable", raw).status == "ok"


def test_the_code_alone_suffices():
    assert verdict("fs_freezable", snapshot(extension=ended(121))).status == "fail"


def test_a_failure_of_an_earlier_run_is_history():
    assert verdict("fs_freezable", snapshot(extension={"last_run.failures": [FAILURE]})).status == "ok"


def test_a_suspended_device():
    result = verdict("fs_freezable", snapshot(storage=mounts(suspended=True)))
    assert result.status == "fail" and "dmsetup resume" in advice_of(result)


def test_a_file_system_that_stopped_writing():
    assert (
        verdict(
            "fs_freezable",
            snapshot(storage={"frozen": [dict(MOUNT, target="/data", device="8:33", turned_read_only=True)]}),
        ).status
        == "warn"
    )


def test_recorded_errors_count_only_while_no_backup_ended_well():
    errors = {"frozen": [dict(MOUNT, target="/", device="8:1", errors=3)]}
    assert verdict("fs_freezable", snapshot(storage=errors)).status == "ok"
    assert verdict("fs_freezable", snapshot(storage=errors, extension=ended(76))).status == "warn"


def test_a_freeze_without_a_thaw():
    stuck = {"status.code": 4, "last_run.code": None, "last_run.thawed": False}
    assert verdict("fs_freezable", snapshot(extension=stuck)).status == "fail"


def test_nothing_that_is_frozen():
    assert verdict("fs_freezable", snapshot(storage={"frozen": []})).status == "not_applicable"


def test_missing_facts():
    assert verdict("fs_freezable", without(snapshot(), "storage", "frozen")).status == "unknown"


FROZE = {"last_run.code": None, "last_run.thawed": False}


def test_frozen_and_not_thawed():
    result = verdict("fs_freezable", snapshot(extension=dict(FROZE, **{"status.code": 4})))
    assert result.status == "fail" and "fsfreeze --unfreeze" in advice_of(result)
    # Without a status a running backup looks the same; on a disk nothing runs.
    assert verdict("fs_freezable", snapshot(extension=dict(FROZE, status=None))).status == "ok"
    assert verdict("fs_freezable", snapshot("tree", extension=dict(FROZE, status=None))).status == "fail"


def test_a_restart_has_thawed_them():
    raw = snapshot(extension=dict(FROZE, **{"status.code": 4}), identity={"uptime_s": 60.0})
    result = verdict("fs_freezable", raw)
    assert result.status == "warn" and "fsfreeze" not in advice_of(result)


def test_a_disk_whose_mounts_are_not_known():
    raw = without(snapshot("tree", extension=ended(121, failures=[FAILURE])), "storage", "frozen")
    assert verdict("fs_freezable", raw).status == "fail"


def test_a_code_that_says_nothing_and_a_step_that_does():
    raw = snapshot(mode="tree", extension=ended(2, failures=[FAILURE]))
    assert verdict("fs_freezable", raw).status == "fail"
    assert verdict("fs_freezable", snapshot(mode="tree", extension=ended(2))).status == "ok"
    assert verdict("fs_freezable", snapshot(mode="tree", extension=ended(76, failures=[FAILURE]))).status == "ok"
