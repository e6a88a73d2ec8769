# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from snapshot_states import not_installed, snapshot, without
from support import fix_of, verdict


def test_absent_before_the_first_backup():
    result = verdict("ext_present", snapshot(extension=not_installed()))
    assert result.status == "ok" and "first backup" in result.why


def test_installed_without_its_launcher():
    result = verdict("ext_present", snapshot(extension={"installed.launcher": False}))
    assert result.status == "fail" and "Enabled" in result.why
    assert fix_of(result) == ("snapshot_extension", {"force": True})


def test_a_handler_that_is_still_being_installed():
    unfinished = {"installed.launcher": False, "installed.state": "NotInstalled"}
    assert verdict("ext_present", snapshot(extension=unfinished)).status == "ok"


def test_without_rights_nothing_is_known():
    raw = without(snapshot(), "extension", "versions", "installed")
    assert verdict("ext_present", raw).status == "unknown"


GONE = {"installed.manifest": None}
NO_PROGRAM = {"installed.program": False}
UNANSWERED = {"settings.sequence": 8}
HELD = {"installed.status.status": "NotReady", "installed.status.code": 1002}


@pytest.mark.parametrize(
    ("facts", "named"),
    [
        (GONE, "HandlerManifest.json"),
        ({"installed.manifest.error": "it names no commands"}, "HandlerManifest.json"),
        ({"installed.manifest.absent": ["bin/enable"]}, "bin/enable"),
        (NO_PROGRAM, "main/handle.py"),
    ],
)
def test_a_file_that_it_is_started_by_is_gone(facts, named):
    result = verdict("ext_present", snapshot(extension=facts))
    assert result.status == "fail" and named in result.why
    assert fix_of(result) == ("snapshot_extension", {"force": True})


@pytest.mark.parametrize("gone", [GONE, NO_PROGRAM])
@pytest.mark.parametrize(("trouble", "status"), [({}, "ok"), (UNANSWERED, "fail"), (HELD, "fail")])
def test_a_saved_tree_may_leave_files_out_of_an_extension_that_runs(gone, trouble, status):
    raw = {**snapshot(extension={**gone, **trouble}), "mode": "tree"}
    assert verdict("ext_present", raw).status == status


def test_an_extension_without_its_manifest_that_is_not_installed_yet():
    assert verdict("ext_present", snapshot(extension={**GONE, "installed.state": "NotInstalled"})).status == "ok"
