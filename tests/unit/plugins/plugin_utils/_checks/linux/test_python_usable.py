# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from agent_states import STOPPED, healthy, tree, without
from support import advice_of, verdict

ID = "python_usable"
ERROR = "ModuleNotFoundError: No module named 'azurelinuxagent'"
ELSEWHERE = {"package_elsewhere": "/usr/lib/python3.6/site-packages/azurelinuxagent", "version": "3.9"}


def on_disk(**python):
    state = tree(interpreter=python)
    for name in ("imports", "error"):
        if name not in python:
            del state["agent"]["interpreter"][name]
    return state


def test_usable():
    assert verdict(ID, healthy()).status == "ok"
    assert verdict(ID, on_disk()).status == "ok"


def test_it_cannot_load_the_agent():
    found = verdict(ID, healthy(STOPPED, interpreter={"imports": False, "error": ERROR}))
    assert found.status == "fail" and ERROR in found.key


def test_variables_of_the_unit_spoil_it():
    variable = {"name": "LD_LIBRARY_PATH", "read_from": "/etc/d.conf:2: Environment"}
    found = verdict(ID, healthy(STOPPED, interpreter={"imports": False, "error": "x", "spoilt_by": [variable]}))
    assert found.status == "fail" and found.evidence[0].source == "/etc/d.conf:2: Environment"
    assert "Remove LD_LIBRARY_PATH" in advice_of(found)


def test_it_does_not_exist():
    python = {
        "command": "/usr/bin/python",
        "exists": False,
        "imports": False,
        "error": "no such file",
        "resolved": None,
    }
    found = verdict(ID, healthy(STOPPED, interpreter=python))
    assert found.status == "fail" and "/usr/bin/python does not exist" in found.why
    assert verdict(ID, on_disk(**python)).status == "fail"


def test_the_running_agent_started_before_it_was_replaced():
    found = verdict(ID, healthy(interpreter={"imports": False, "error": ERROR}))
    assert found.status == "warn" and "restart" in found.why


def test_on_a_disk_the_place_of_the_package_decides():
    found = verdict(ID, on_disk(**ELSEWHERE))
    assert found.status == "fail" and "Python 3.9" in found.why


def test_what_was_tried_outranks_the_place_of_the_package():
    assert verdict(ID, healthy(interpreter=ELSEWHERE)).status == "ok"


def test_nothing_names_an_interpreter():
    assert verdict(ID, healthy(interpreter=None)).status == "not_applicable"


def test_missing():
    assert verdict(ID, without("interpreter")).status == "unknown"
