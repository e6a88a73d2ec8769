# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
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
