# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""shadow_storage: the rule, its neighbours, and missing facts."""

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import diagnose
from support import advice_of, verdict
from windows_states import GONE, edited, event, failed_run

ID = "shadow_storage"
FULL = {"events.volume_timeouts": [event(36, "", "G:")]}
NIGHT = {"events.volume_timeouts": [event(36, "", "G:", time="2026-11-23T01:00:00Z")]}


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        (FULL, "ok", ""),
        ({**FULL, **failed_run("x: y")}, "fail", "could not grow"),
        ({"events.volume_timeouts": [event(35, "", "G:")], **failed_run("x: y")}, "fail", "could not grow"),
        ({"events.volume_timeouts": [event(20, "", "G:")], **failed_run("x: y")}, "fail", "could not be used"),
        ({"events.volume_timeouts": [event(40, "", "G:", "H:")]}, "ok", ""),
        ({**NIGHT, **failed_run("x: y")}, "ok", ""),
        ({"events.volume_timeouts": [event(8, "G:")], **failed_run("x: y")}, "ok", ""),
        ({"events": GONE}, "ok", ""),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


def test_a_limit_comes_before_the_space_that_the_message_speaks_of():
    result = diagnose(edited({**FULL, **failed_run("Snapshot failed: 8004231F")}))
    assert result["first_cause"] == ID


def test_what_to_do_depends_on_what_windows_says():
    lost = {"events.volume_timeouts": [event(40, "", "G:", "H:")], **failed_run("x: y")}
    assert "vssadmin add shadowstorage" in advice_of(verdict(ID, edited(lost)))
    assert advice_of(verdict(ID, edited({**FULL, **failed_run("x: y")}))) is None


def test_missing_fact():
    assert verdict(ID, edited({"extension": GONE})).status == "unknown"
