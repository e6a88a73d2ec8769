# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from snapshot_states import conf, ended, snapshot, without
from support import verdict


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"timeout": "600"}, "ok"),
        ({"timeout": "10"}, "warn"),
        ({"SafeFreezeWaitInSeconds": "30"}, "warn"),
        ({"timeout": "1 minute"}, "warn"),
        ({"timeout": ""}, "ok"),
    ],
)
def test_limits(options, status):
    assert verdict("freeze_timeout", snapshot(extension=conf(**options))).status == status


def test_freezing_took_too_long():
    assert verdict("freeze_timeout", snapshot(extension=ended(122))).status == "fail"


def test_missing_facts():
    assert verdict("freeze_timeout", without(snapshot(), "extension", "conf")).status == "unknown"
