# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""desktop_heap: the rule, its neighbours, and missing facts."""

import pytest
from support import verdict
from windows_states import GONE, edited, event, failed_run

ID = "desktop_heap"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"load.desktop_heap": None}, "ok", ""),
        ({"load.desktop_heap.services_kib": 768}, "ok", ""),
        ({"load.desktop_heap.services_kib": 256}, "ok", ""),
        ({"load.desktop_heap.services_kib": 128}, "warn", "128 KiB"),
        ({"load.desktop_heap.services_kib": 128, "events": GONE}, "warn", "128 KiB"),
        ({"events.desktop_heap": [event(243)]}, "warn", "memory of its desktop"),
        ({"events.desktop_heap": [event(243, time="2026-11-20T00:00:00Z")]}, "ok", ""),
        ({"events.desktop_heap": [event(243, time="2026-11-23T03:00:00Z")]}, "ok", ""),
        ({"events.desktop_heap": [event(243, time="2026-11-23T03:00:00Z")], **failed_run("x: y")}, "warn", "desktop"),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize("fact", ["load.desktop_heap", "events.desktop_heap"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
