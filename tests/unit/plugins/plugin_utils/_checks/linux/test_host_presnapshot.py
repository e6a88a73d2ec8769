# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from snapshot_states import ended, snapshot, without
from support import advice_of, verdict


@pytest.mark.parametrize("answer", [500, 555, 557, 558])
def test_the_host_refused_and_the_backup_failed(answer):
    assert verdict("host_presnapshot", snapshot(extension=ended(76, pre_snapshot=answer))).status == "fail"


def test_the_host_refused_and_the_backup_went_another_way():
    assert verdict("host_presnapshot", snapshot(extension={"last_run.pre_snapshot": 500})).status == "ok"


def test_the_host_refused_and_the_backup_failed_for_another_reason():
    assert verdict("host_presnapshot", snapshot(extension=ended(121, pre_snapshot=500))).status == "ok"


def test_the_host_was_not_asked():
    assert verdict("host_presnapshot", snapshot(extension={"last_run.pre_snapshot": None})).status == "not_applicable"


def test_missing_facts():
    assert verdict("host_presnapshot", without(snapshot(), "extension", "last_run")).status == "unknown"


@pytest.mark.parametrize("answer", [500, 503, 556])
def test_the_host_took_the_question_and_failed_with_the_snapshot(answer):
    raw = snapshot(extension=ended(76, pre_snapshot=200, do_snapshot=answer))
    found = verdict("host_presnapshot", raw)
    assert found.status == "warn" and "Nothing has to be repaired" in advice_of(found)
    assert verdict("ext_status", raw).status == "warn"


def test_the_host_took_the_snapshot_and_the_guest_failed():
    raw = snapshot(extension=ended(76, pre_snapshot=200, do_snapshot=200))
    assert verdict("host_presnapshot", raw).status == "ok" and verdict("ext_status", raw).status == "fail"
