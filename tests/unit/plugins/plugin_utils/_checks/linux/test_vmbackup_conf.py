# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from snapshot_states import conf, ended, snapshot, without
from support import fix_of, verdict

COPY = {"misplaced": {"options": {"MountsToSkip": "/data"}, "read_from": "main/tempPlugin/vmbackup.conf"}}


@pytest.mark.parametrize(
    "facts",
    [
        conf(error="File contains no section headers"),
        conf(elsewhere=["Snapshot.MountsToSkip"]),
        conf(MountsToSkip="/a, /b"),
        conf(OnAppFailureDoFsFreeze="True"),
        conf(unreadable=["MountsToSkip"]),
    ],
)
def test_what_the_extension_understands_differently(facts):
    assert verdict("vmbackup_conf", snapshot(extension=facts)).status == "warn"


def test_options_in_the_copy_that_nothing_reads():
    assert verdict("vmbackup_conf", snapshot(extension=COPY)).status == "warn"
    assert verdict("vmbackup_conf", snapshot(extension=dict(ended(121), **COPY))).status == "fail"


@pytest.mark.parametrize(("mount", "status"), [("/b", "fail"), ("/a", "warn"), ("/c", "warn")])
def test_a_mount_point_behind_a_blank_is_the_one_that_refused(mount, status):
    failure = {"step": "fifreeze", "mount": mount, "error": "Input/output error"}
    raw = snapshot(extension={**conf(MountsToSkip="/a, /b"), **ended(121, failures=[failure])})
    assert verdict("vmbackup_conf", raw).status == status


def test_options_that_stand_in_both_files():
    raw = snapshot(extension=dict(COPY, **conf(MountsToSkip="/data")))
    assert verdict("vmbackup_conf", raw).status == "ok"


def test_none_at_all():
    assert verdict("vmbackup_conf", snapshot()).status == "ok"


def test_missing_facts():
    assert verdict("vmbackup_conf", without(snapshot(), "extension", "conf")).status == "unknown"


def test_states_of_before_say_nothing_of_single_options():
    raw = snapshot(extension=conf())
    del raw["extension"]["conf"]["unreadable"]
    assert verdict("vmbackup_conf", raw).status == "ok"


def test_what_cannot_be_read_has_a_remedy():
    found = verdict("vmbackup_conf", snapshot(extension=conf(unreadable=["MountsToSkip"])))
    assert fix_of(found) == ("vmbackup_conf", {"normalize": True})
    found = verdict("vmbackup_conf", snapshot(extension=conf(error="File contains no section headers")))
    assert fix_of(found) == ("vmbackup_conf", {"normalize": True})
    assert fix_of(verdict("vmbackup_conf", snapshot(extension=conf(MountsToSkip="/a, /b")))) is None
