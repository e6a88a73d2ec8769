# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from snapshot_states import conf, snapshot, without
from support import fix_of, verdict


@pytest.mark.parametrize(
    ("method", "status"),
    [("onlyGuest", "warn"), ("firstGuestThenHost", "ok"), ("onlyHost", "ok"), ("onlyguest", "ok"), (None, "ok")],
)
def test_methods(method, status):
    assert verdict("snapshot_method", snapshot(extension=conf(SnapshotMethod=method))).status == status


def test_missing_facts():
    assert verdict("snapshot_method", without(snapshot(), "extension", "conf")).status == "unknown"


def test_the_fix():
    found = verdict("snapshot_method", snapshot(extension=conf(SnapshotMethod="onlyGuest")))
    assert fix_of(found) == ("vmbackup_conf", {"settings": {"SnapshotMethod": None}}) and found.fix.confirm
