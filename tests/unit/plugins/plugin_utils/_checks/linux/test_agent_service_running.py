# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from agent_states import STOPPED, healthy, saying, tree, without
from support import fix_of, verdict

ID = "agent_service_running"


def test_running():
    assert verdict(ID, healthy()).status == "ok"


@pytest.mark.parametrize(
    ("unit", "words"),
    [
        ({"active": "inactive"}, "stopped"),
        ({"active": "failed", "result": "exit-code"}, "failed (exit-code)"),
        ({"active": "activating", "sub": "auto-restart"}, "again and again"),
        ({"active": "active"}, "its daemon does not run"),
    ],
)
def test_not_running(unit, words):
    found = verdict(ID, healthy(STOPPED, unit=unit))
    assert found.status == "fail" and words in found.why
    assert fix_of(found) == ("waagent_service", {})


def test_active_is_not_enough():
    assert verdict(ID, healthy(daemon=None)).status == "fail"


def test_halted_by_a_signal():
    found = verdict(ID, healthy(daemon={"state": "T"}))
    assert found.status == "fail" and "signal" in found.why
    assert fix_of(found) == ("waagent_service", {})


def test_a_pid_file_of_another_process():
    pid = {"pid": 4242, "alive": True, "is_agent": False, "read_from": "/run/waagent.pid"}
    line = saying("already_running", "Daemon is already running: 4242")
    found = verdict(ID, healthy(STOPPED, line, pid_file=pid))
    assert "pid file" in found.why and [evidence.value for evidence in found.evidence][0] == 4242
    assert fix_of(found) == ("waagent_service", {})


def test_a_pid_file_that_was_left_behind_does_no_harm():
    pid = {"pid": 4242, "alive": False, "is_agent": False, "read_from": "/run/waagent.pid"}
    assert "stopped" in verdict(ID, healthy(STOPPED, pid_file=pid)).why


def test_a_tree_does_not_say():
    found = verdict(ID, tree())
    assert found.status == "unknown" and found.why.endswith("needs a running system")


def test_without_root_the_unit_decides():
    assert verdict(ID, without("daemon")).status == "ok"
    state = without("daemon")
    state["agent"]["unit"]["active"] = "inactive"
    assert verdict(ID, state).status == "unknown"
