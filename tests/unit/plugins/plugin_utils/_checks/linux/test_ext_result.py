# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from snapshot_states import snapshot
from support import verdict

ID = "ext_result"
NONE = {"last_run": None, "command": None, "agent_log": None, "launch": None}


def state(settings=8, status=7, age_s=7200, last_sequence=7, **said):
    extension = {
        "settings": {"sequence": settings, "age_s": age_s, "read_from": "8.settings"},
        "status": None if status is None else {"sequence": status, "read_from": "7.status"},
        "last_sequence": last_sequence,
        **NONE,
        **said,
    }
    return snapshot(extension=extension)


CRASH = {"last_run": {"crash": "KeyError: 'x'", "read_from": "extension.log"}}
WAITED = {"agent_log": {"detail": None, "no_status": True, "read_from": "waagent.log"}}
KILLED = {"launch": {"returned": 137, "no_python": False, "read_from": "shell.log"}}


@pytest.mark.parametrize("said", [CRASH, WAITED, KILLED])
def test_it_ended_and_a_log_says_why(said):
    assert verdict(ID, state(**said)).status == "fail"
    assert verdict(ID, state(status=None, **said)).status == "fail"


def begun(**said):
    return state(settings=8, status=8, **{"status.code": 4}, **said)


def noted(raw, age_s):
    entry = {
        "text": "detected unhandled Python exception",
        "count": 1,
        "age_s": age_s,
        "read_from": "/var/log/messages",
    }
    raw["agent"] = {"system_log": {"current": {"extension_crashed": entry}, "crash": None}}
    return raw


def test_it_began_and_ended_without_a_result():
    assert verdict(ID, begun()).status == "ok"
    assert verdict(ID, begun(**CRASH)).status == "fail"
    assert verdict(ID, noted(begun(), 7000)).status == "fail"


def test_what_the_system_noted_before_the_command_is_history():
    assert verdict(ID, noted(begun(), 7200 + 3600)).status == "ok"
    assert verdict(ID, noted(state(settings=8, status=8), 7000)).status == "ok"


def test_no_status_for_long_and_nobody_says_why():
    found = verdict(ID, state())
    assert found.status == "warn" and "120 minutes" in found.why


@pytest.mark.parametrize(
    "raw",
    [
        state(settings=7),
        state(settings=7, **CRASH),
        state(age_s=60, **CRASH),
        # An update left the statuses behind.
        state(status=None, last_sequence=8, versions=[{"version": "1.0.1"}, {"version": "1.0.2"}]),
        state(status=None, last_sequence=8, last_run={"code": 1, "crash": None, "read_from": "extension.log"}),
    ],
)
def test_it_has_answered_or_will(raw):
    assert verdict(ID, raw).status == "ok"


@pytest.mark.parametrize(
    "raw",
    [
        state(status=None, last_sequence=8),
        state(last_sequence=8, last_run={"code": 1, "crash": None, "read_from": "extension.log"}),
    ],
)
def test_a_command_that_was_taken_is_no_result(raw):
    assert verdict(ID, raw).status == "warn"


def test_without_a_clock_only_a_reason_counts():
    assert verdict(ID, state(age_s=None)).status == "unknown"
    assert verdict(ID, state(age_s=None, **CRASH)).status == "fail"


def test_no_command_and_missing():
    assert verdict(ID, snapshot(extension={"settings": None})).status == "not_applicable"
    raw = state()
    del raw["extension"]["status"]
    assert verdict(ID, raw).status == "unknown"


def test_the_agents_log_tells_the_time_of_a_command_that_its_file_has_lost():
    raw = state(age_s=None)
    assert verdict(ID, raw).status == "unknown"
    raw["extension"]["settings"]["enabled_age_s"] = 7200
    assert verdict(ID, raw).status == "warn"
    raw["extension"]["settings"]["enabled_age_s"] = 60
    assert verdict(ID, raw).status == "ok"
