# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from snapshot_states import CAPTURED_UNIX, ended, not_installed, snapshot, without
from support import advice_of, verdict


@pytest.mark.parametrize("code", [0, 1, 3, 4])
def test_good_codes(code):
    assert verdict("ext_status", snapshot(extension={"status.code": code})).status == "ok"


@pytest.mark.parametrize("code", [2, 11, 12, 15, 16, 17, 76, 85, 121, 122, 123, 124, 305, 501, 761, 9999])
def test_codes_of_failures(code):
    result = verdict("ext_status", snapshot(extension=ended(code)))
    assert result.status == "fail" and str(code) in result.why


@pytest.mark.parametrize("code", [13, 14, 173, 402, 556])
def test_failures_that_pass_by_themselves(code):
    assert verdict("ext_status", snapshot(extension=ended(code))).status == "warn"


def test_the_word_does_not_count():
    assert verdict("ext_status", snapshot(extension={"status.word": "success", "status.code": 76})).status == "fail"


def test_an_older_failure_in_the_log_does_not_outrank_the_status():
    assert verdict("ext_status", snapshot(extension={"last_run.code": 121})).status == "ok"


def test_the_log_speaks_where_there_is_no_status():
    assert verdict("ext_status", snapshot(extension=dict(ended(121), status=None))).status == "fail"


def test_nothing_has_ended_yet():
    assert verdict("ext_status", snapshot(extension={"status": None, "last_run": None})).status == "ok"


def test_a_failure_before_the_restart_is_a_warning():
    raw = snapshot(extension=ended(76), identity={"uptime_s": 600.0})
    assert verdict("ext_status", raw).status == "warn"


def test_a_backup_that_never_ended():
    stuck = {"status.code": 4, "status.written": CAPTURED_UNIX - 4 * 3600}
    result = verdict("ext_status", snapshot(extension=stuck))
    assert result.status == "fail" and "pgrep" in advice_of(result)
    assert verdict("ext_status", snapshot(extension=stuck, identity={"uptime_s": 600.0})).status == "ok"


def test_not_installed():
    assert verdict("ext_status", snapshot(extension=not_installed())).status == "not_applicable"


def test_missing_facts():
    assert verdict("ext_status", without(snapshot(), "extension", "status")).status == "unknown"
    assert verdict("ext_status", without(snapshot(), "extension", "installed")).status == "unknown"


def test_a_log_that_tells_the_failure_but_no_code():
    failures = [{"step": "fifreeze", "mount": "/data", "error": ""}]
    raw = snapshot(extension={"status": None, "last_run.code": None, "last_run.failures": failures})
    assert "121" in verdict("ext_status", raw).why


@pytest.mark.parametrize(("written", "since"), [(1772402400, "2026-03-01T22:00:00Z"), (None, None)])
def test_a_failure_says_when_it_was_recorded(written, since):
    status = {"status.written": written}
    assert verdict("ext_status", snapshot(extension={**ended(76), **status}, identity={"uptime_s": 9e9})).since == since


@pytest.mark.parametrize(("age_s", "status"), [(3 * 3600, "fail"), (600, "ok"), (None, "ok")])
def test_a_backup_that_never_ended_by_the_clock_of_a_disk(age_s, status):
    """The times of its files may be those of the copy."""
    raw = snapshot(extension={"status.code": 4, "status.written": CAPTURED_UNIX, "settings.enabled_age_s": age_s})
    raw["mode"] = "tree"
    assert verdict("ext_status", raw).status == status
    # The disk was restored from that backup and ran again.
    raw["agent"] = {"log": {"last_start_age_s": 7200}}
    assert verdict("ext_status", raw).status == "ok"
