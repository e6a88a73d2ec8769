# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""page_file: the rule, its neighbours, and missing facts."""

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import diagnose
from support import verdict
from windows_states import GONE, edited, event, failed_run

ID = "page_file"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"load.memory.commit_limit_mib": 10000, "load.memory.commit_free_mib": 400}, "warn", "promised"),
        ({"load.memory.commit_limit_mib": 10000, "load.memory.commit_free_mib": 600}, "ok", ""),
        ({"load.memory.commit_limit_mib": None}, "unknown", "not known"),
        ({"events.memory_exhausted": [event(2004, "sqlservr.exe")]}, "warn", "within the last day"),
        ({"load.memory.commit_free_mib": 90, "load.memory.used_percent": 97.0}, "ok", ""),
        ({"events.memory_exhausted": [event(2019, provider="srv")]}, "ok", ""),
        ({"events.memory_exhausted": [event(2004, "x")], **failed_run("x: y")}, "ok", ""),
        ({"events.memory_exhausted": [event(2004, time="2026-11-20T00:00:00Z")]}, "ok", ""),
        ({"events.memory_exhausted": [event(2004, time="2026-11-23T03:00:00Z")]}, "ok", ""),
        (
            {"events.memory_exhausted": [event(2004, time="2026-11-23T03:00:00Z")], **failed_run("x")},
            "warn",
            "last day",
        ),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize("fact", ["load.memory", "load.memory.commit_free_mib", "events.memory_exhausted"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why


def test_it_explains_why_programs_get_no_memory_while_memory_is_free():
    short = {"load.memory.commit_limit_mib": 10000, "load.memory.commit_free_mib": 40}
    result = diagnose(edited({**short, **failed_run("hr = -2147024882")}))
    assert result["first_cause"] == "page_file"
    assert diagnose(edited(failed_run("hr = -2147024882")))["first_cause"] == "memory_use"
