# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from agent_states import healthy, saying, tree
from support import advice_of, verdict

ID = "agent_activity"


def system(silent_s=0, universal=True, crash=None, **current):
    return {
        "system_log": {
            "current": current,
            "crash": crash,
            "silent_s": silent_s,
            "newest_in": "/var/log/syslog",
            "universal": universal,
            "read_from": "/var/log/syslog",
        }
    }


@pytest.mark.parametrize(
    ("silent_s", "universal", "status"),
    [
        (0, True, "ok"),
        (2 * 3600, True, "ok"),
        (4 * 3600, True, "fail"),
        (4 * 3600, False, "ok"),
        (90_000, False, "fail"),
    ],
)
def test_the_guest_went_on_without_the_agent(silent_s, universal, status):
    assert verdict(ID, tree(system(silent_s, universal))).status == status


def test_the_agents_traceback():
    crash = {"text": "ModuleNotFoundError: No module named 'distutils'", "over": False, "read_from": "/var/log/syslog"}
    found = verdict(ID, tree(system(crash=crash)))
    assert found.status == "fail" and "distutils" in found.why
    for over in (True, None):
        assert verdict(ID, tree(system(crash={**crash, "over": over}))).status == "ok"
    found = verdict(ID, tree(system(4 * 3600, crash={**crash, "over": None})))
    assert found.status == "fail" and found.evidence[-1].value == crash["text"]


@pytest.mark.parametrize("name", ["agent_unit_ended", "agent_unit_stopped", "rescue_mode"])
def test_the_systems_last_words_are_evidence(name):
    said = {"text": "a line of the system", "count": 1, "age_s": 5, "read_from": "/var/log/syslog"}
    found = verdict(ID, tree(system(4 * 3600, **{name: said})))
    assert found.status == "fail" and found.evidence[-1].value == said["text"]


def test_the_unit_failed_and_there_is_no_log():
    failed = {"text": "waagent.service: Failed with result 'exit-code'.", "count": 1, "age_s": 5, "read_from": "x"}
    assert verdict(ID, tree(system(None, agent_unit_failed=failed), log=None)).status == "fail"
    assert verdict(ID, tree(system(None), log=None)).status == "ok"


def test_what_does_not_apply():
    assert verdict(ID, healthy(system(10**6))).status == "not_applicable"
    assert verdict(ID, tree()).status == "not_applicable"


def test_missing():
    raw = tree(system())
    del raw["agent"]["log"]
    assert verdict(ID, raw).status == "unknown"


@pytest.mark.parametrize(
    ("name", "age_s", "silent_s", "status"),
    [
        ("agent_unit_failed", 5000, 5000, "fail"),
        ("agent_unit_stopped", 5000, 4990, "fail"),
        ("agent_unit_ended", 5000, 5000, "fail"),
        ("agent_unit_left_out", 5000, 5000, "fail"),
        ("agent_unit_ended", 5000, 60, "ok"),
        ("agent_unit_left_out", 900, 900, "ok"),
        # The guest went down with it.
        ("agent_unit_stopped", 20, 4000, "ok"),
        # It is being restarted.
        ("agent_unit_failed", 900, 900, "ok"),
        # The agent wrote after that.
        ("agent_unit_stopped", 5000, 60, "ok"),
    ],
)
def test_the_service_ended_and_the_guest_went_on(name, age_s, silent_s, status):
    said = {"text": "a line of the system", "count": 1, "age_s": age_s, "read_from": "/var/log/syslog"}
    found = verdict(ID, tree(system(silent_s, **{name: said})))
    assert found.status == status and (status == "ok" or found.evidence[-1].value == said["text"])


def test_another_process_has_the_number_of_the_daemon():
    found = verdict(ID, tree(system(), saying("already_running", "Daemon is already running: 9", count=3)))
    assert found.status == "fail" and "waagent.pid" in advice_of(found)
    assert verdict(ID, tree(system(), saying("already_running", count=1))).status == "ok"


@pytest.mark.parametrize(("count", "status"), [(2, "ok"), (3, "fail")])
def test_systemd_starts_the_service_in_vain(count, status):
    failed = {"text": "waagent.service: Failed with result 'timeout'.", "count": count, "age_s": 5, "read_from": "x"}
    assert verdict(ID, tree(system(agent_unit_failed=failed))).status == status
