# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from snapshot_states import ended, snapshot, without
from support import verdict


def test_the_last_command_was_too_old():
    assert verdict("command_in_time", snapshot(extension=ended(402))).status == "warn"


def test_another_failure():
    assert verdict("command_in_time", snapshot(extension=ended(121))).status == "ok"


def test_missing_facts():
    assert verdict("command_in_time", without(snapshot(), "extension", "status")).status == "unknown"
