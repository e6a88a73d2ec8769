# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from snapshot_states import PYTHON, not_installed, snapshot, without
from support import advice_of, verdict

LAUNCH = {"returned": 3, "no_python": True, "read_from": "shell.log"}
NONE = {"interpreter.candidates": [], "interpreter.usable": None}


def test_no_python_where_the_launcher_looks():
    assert verdict("ext_python_path", snapshot(extension=NONE)).status == "fail"
    assert verdict("ext_python_path", snapshot(extension=dict(not_installed(), **NONE))).status == "fail"


def test_a_python_that_does_not_run():
    broken = dict(PYTHON, version=None, lacks=None, error="cannot open shared object")
    raw = snapshot(extension={"interpreter.candidates": [broken], "interpreter.usable": None})
    result = verdict("ext_python_path", raw)
    assert result.status == "fail" and "/usr/bin/python3 -V" in advice_of(result)


def test_one_that_does_not_run_and_one_that_does():
    broken = dict(PYTHON, version=None, lacks=None, error="x", path="/usr/bin/python3.8")
    raw = snapshot(extension={"interpreter.candidates": [broken, PYTHON]})
    assert verdict("ext_python_path", raw).status == "ok"


def test_a_tree_of_a_few_files_does_not_decide_it():
    raw = snapshot(mode="tree", extension=dict(NONE, **{"interpreter.complete": False}))
    result = verdict("ext_python_path", raw)
    assert result.status == "unknown" and result.why.endswith("needs a running system")


def test_the_launchers_own_word_decides_it_for_a_tree():
    facts = {"interpreter.complete": False, "launch": LAUNCH, "installed.state": "NotInstalled"}
    assert verdict("ext_python_path", snapshot(mode="tree", extension=dict(NONE, **facts))).status == "fail"


def test_the_launchers_old_word_does_not_count_on_a_live_system():
    raw = snapshot(extension={"launch": LAUNCH, "installed.state": "Installed"})
    assert verdict("ext_python_path", raw).status == "ok"


def test_missing_facts():
    assert verdict("ext_python_path", without(snapshot(), "extension", "interpreter")).status == "unknown"


def test_the_agent_tells_the_exit_status_of_the_launcher():
    word = {"exit_status": 3, "denied": False, "module": None, "read_from": "/var/log/waagent.log"}
    raw = snapshot("tree", extension=dict(not_installed(), agent_log=word, **{"interpreter.complete": False}, **NONE))
    assert verdict("ext_python_path", raw).status == "fail"
