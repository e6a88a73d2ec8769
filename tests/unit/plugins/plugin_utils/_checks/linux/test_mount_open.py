# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from snapshot_states import MOUNT, ended, snapshot, without
from support import verdict

BAD = {"frozen": [dict(MOUNT, target="/mnt/x", device="8:33", open_error="Input/output error")]}


def test_a_mount_point_that_cannot_be_opened():
    result = verdict("mount_open", snapshot(storage=BAD))
    assert result.status == "fail" and "/mnt/x" in result.why


def test_what_only_root_may_open():
    private = {key: value for key, value in dict(MOUNT, target="/srv", device="8:49").items() if key != "open_error"}
    for extension in ({}, ended(123)):
        raw = snapshot(extension=extension, storage={"frozen": [private]})
        raw["missing"]["storage.frozen.open_error"] = "root"
        assert verdict("mount_open", raw).status == "unknown"
    raw["storage"]["frozen"] += BAD["frozen"]
    assert verdict("mount_open", raw).status == "fail"


def test_it_could_not_be_opened_once():
    assert verdict("mount_open", snapshot(extension=ended(123))).status == "ok"


def test_a_tree_has_only_the_extensions_word():
    failures = [{"step": "open", "mount": "/mnt/x", "error": "Input/output error"}]
    raw = snapshot(mode="tree", extension=ended(123, failures=failures))
    result = verdict("mount_open", raw)
    assert result.status == "fail" and result.evidence[-1].value == "Input/output error"


def test_missing_facts():
    assert verdict("mount_open", without(snapshot(), "storage", "frozen")).status == "unknown"


def test_a_disk_whose_mounts_are_not_known():
    assert verdict("mount_open", without(snapshot("tree", extension=ended(123)), "storage", "frozen")).status == "fail"


def test_a_code_that_says_nothing_and_a_mount_that_could_not_be_opened():
    failure = {"step": "open", "mount": "/mnt/y", "error": "No such device or address"}
    assert verdict("mount_open", snapshot(mode="tree", extension=ended(2, failures=[failure]))).status == "fail"
