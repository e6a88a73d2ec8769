# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from agent_states import STOPPED, healthy, saying, tree, without
from support import fix_of, verdict

ID = "exthandler_stable"
CRASH = saying("handler_crash", "NameError: name 'get_python_cmd' is not defined", count=400)
SILENT = {"status": {"age_s": 90000}}


def test_healthy():
    assert verdict(ID, healthy()).status == "ok"
    assert verdict(ID, healthy(log=None)).status == "ok"


def test_it_crashes_again_and_again():
    found = verdict(ID, healthy(CRASH, SILENT, log={"handler_starts": 40}))
    assert found.status == "fail" and "get_python_cmd" in found.evidence[0].value
    assert fix_of(found) == ("agent_version", {"state": "latest"})
    assert verdict(ID, tree(CRASH, log={"handler_starts": 40})).status == "fail"


def test_the_wrong_python_for_the_child():
    launch = saying("handler_launch_failed", "Agent WALinuxAgent-2.2.46 launched with command 'python -u x' failed")
    assert verdict(ID, healthy(launch, SILENT)).status == "fail"


def test_an_error_of_an_extension_is_no_crash_of_the_handler():
    import_error = saying("handler_crash", "ModuleNotFoundError: No module named 'crypt'")
    assert verdict(ID, healthy(import_error, SILENT)).status == "ok"


def test_an_agent_that_reports_does_not_crash():
    assert verdict(ID, healthy(CRASH, log={"handler_starts": 40})).status == "ok"


def test_a_full_disk_and_an_unreadable_goal_state_are_other_conditions():
    for text in ("[Errno 28] No space left on device", "unexpected keyword argument 'etype'"):
        state = healthy(saying("handler_ended", text), SILENT, log={"handler_starts": 40})
        assert verdict(ID, state).status == "ok"


def test_a_stopped_agent_is_another_condition():
    assert verdict(ID, healthy(STOPPED, CRASH, log={"handler_starts": 40})).status == "not_applicable"


def test_missing():
    assert verdict(ID, without("log")).status == "unknown"
