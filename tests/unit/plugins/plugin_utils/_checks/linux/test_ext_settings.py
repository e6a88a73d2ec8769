# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from snapshot_states import ended, snapshot, without
from support import fix_of, verdict


@pytest.mark.parametrize(
    "facts",
    [
        {"installed.environment": False},
        {"settings.readable": False, "settings.public": False},
        {"settings.public": False},
        ended(16),
        ended(11),
    ],
)
def test_settings_that_cannot_be_used(facts):
    result = verdict("ext_settings", snapshot(extension=facts))
    assert result.status == "fail" and fix_of(result) == ("snapshot_extension", {"force": True})


def test_no_command_waits():
    assert verdict("ext_settings", snapshot(extension={"settings": None})).status == "ok"


def test_protected_settings_that_were_taken_and_removed():
    assert verdict("ext_settings", snapshot(extension={"settings.protected": False})).status == "ok"


def test_missing_facts():
    assert verdict("ext_settings", without(snapshot(), "extension", "settings")).status == "unknown"
