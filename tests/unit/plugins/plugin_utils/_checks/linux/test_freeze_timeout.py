# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from snapshot_states import conf, ended, snapshot, without
from support import fix_of, verdict


@pytest.mark.parametrize(
    ("options", "status", "fixed"),
    [
        ({"timeout": "600"}, "ok", None),
        ({"timeout": "10"}, "warn", "timeout"),
        ({"SafeFreezeWaitInSeconds": "30"}, "warn", "SafeFreezeWaitInSeconds"),
        ({"timeout": "600", "SafeFreezeWaitInSeconds": "soon"}, "warn", "SafeFreezeWaitInSeconds"),
        ({"timeout": "1 minute"}, "warn", "timeout"),
        ({"timeout": ""}, "ok", None),
    ],
)
def test_limits(options, status, fixed):
    result = verdict("freeze_timeout", snapshot(extension=conf(**options)))
    assert result.status == status
    assert fix_of(result) == (("vmbackup_conf", {"settings": {fixed: None}}) if fixed else None)
    assert not fixed or result.fix.confirm and options[fixed] in result.why


@pytest.mark.parametrize(("code", "status"), [(122, "fail"), (121, "warn"), (1, "warn")])
def test_a_short_limit_that_was_not_enough(code, status):
    raw = snapshot(extension={**conf(timeout="10"), **ended(code)})
    assert verdict("freeze_timeout", raw).status == status


@pytest.mark.parametrize(("signatures", "status"), [(["freeze_timed_out"], "fail"), ([], "ok")])
def test_the_helper_did_not_answer_and_the_run_did_not_end(signatures, status):
    raw = snapshot(extension={"status.code": 4, "last_run.code": None, "last_run.signatures": signatures})
    assert verdict("freeze_timeout", raw).status == status


def test_freezing_took_too_long():
    result = verdict("freeze_timeout", snapshot(extension=ended(122)))
    # A longer limit is a decision of the guest's owner.
    assert result.status == "fail" and result.fix is None


@pytest.mark.parametrize(
    ("code", "signatures", "status"),
    [
        (2, ["freeze_timed_out"], "fail"),
        (2, [], "ok"),
        (1, ["freeze_timed_out"], "ok"),
        (121, ["freeze_timed_out"], "ok"),
    ],
)
def test_the_log_tells_what_a_code_of_many_meanings_meant(code, signatures, status):
    assert verdict("freeze_timeout", snapshot(extension=ended(code, signatures=signatures))).status == status


def test_missing_facts():
    assert verdict("freeze_timeout", without(snapshot(), "extension", "conf")).status == "unknown"
