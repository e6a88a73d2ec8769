# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Python that the extension would get: run on a live system, looked at in a tree."""

import sys

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.host import Missing
from ansible_collections.vmbackup.azure.plugins.module_utils._probe import Host, _interpreter

HANDLER = "/var/lib/waagent/Microsoft.Azure.RecoveryServices.VMSnapshotLinux-1.0.9225.0"


@pytest.fixture
def tree(tmp_path):
    """Makes a tree of files and links."""

    def make(files=(), links=()):
        for path, text in dict(files).items():
            (tmp_path / path.lstrip("/")).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path.lstrip("/")).write_text(text)
        for path, target in dict(links).items():
            (tmp_path / path.lstrip("/")).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path.lstrip("/")).symlink_to(target)
        return Host(str(tmp_path))

    return make


EXTENSION = {
    HANDLER + "/main/handle.py": "import json\nimport WaagentLib\n",
    HANDLER + "/main/WaagentLib.py": "import crypt\n",
}


def test_a_tree_with_python_313_lacks_crypt(tree):
    host = tree(
        {**EXTENSION, "/usr/bin/python3.13": "", "/usr/lib/python3.13/os.py": ""}, {"/usr/bin/python3": "python3.13"}
    )
    found = _interpreter.find(host, HANDLER)
    assert found["needs"] == ["crypt"] and found["usable"] is None
    assert found["candidates"] == [
        {"path": "/usr/bin/python3", "version": "3.13", "lacks": ["crypt"], "error": None, "tried": False}
    ]


def test_a_module_that_was_added_by_hand_is_there(tree):
    host = tree({"/usr/lib/python3.13/crypt.py": ""})
    lacks = _interpreter.lacks(host, "3.13")
    assert "crypt" not in lacks and "distutils" in lacks


def test_the_next_name_is_tried_after_one_that_lacks_something(tree):
    host = tree(
        {
            **EXTENSION,
            "/usr/bin/python3.13": "",
            "/usr/lib/python3.13/os.py": "",
            "/usr/local/bin/python3.8": "",
            "/usr/lib/python3.8/crypt.py": "",
        },
        {"/usr/bin/python3": "python3.13"},
    )
    assert _interpreter.find(host, HANDLER)["usable"] == "/usr/local/bin/python3.8"


def test_the_agents_interpreter_is_the_last_resort(tree):
    host = tree(
        {
            "/usr/libexec/platform-python3.6": "",
            "/usr/lib64/python3.6/imp.py": "",
            "/usr/lib/systemd/system/waagent.service": "[Service]\nExecStart=/usr/sbin/waagent -daemon\n",
            "/usr/sbin/waagent": "#!/usr/libexec/platform-python3.6\n",
        }
    )
    assert _interpreter.find(host, None)["candidates"][0]["path"] == "/usr/libexec/platform-python3.6"


def test_no_python_in_the_tree(tree):
    found = _interpreter.find(tree({"/etc/os-release": "ID=x"}), None)
    assert found["candidates"] == [] and found["complete"] is False


def test_the_interpreter_is_run_with_the_imports():
    found = _interpreter._tried(Host("/"), sys.executable, ["json", "no_such_module_here"])
    assert found["lacks"] == ["no_such_module_here"] and found["tried"]
    assert found["version"] == "{}.{}.{}".format(*sys.version_info[:3])


def test_an_interpreter_that_does_not_run(tmp_path):
    broken = tmp_path / "python3"
    broken.write_text("#!/bin/sh\necho 'cannot load library' >&2\nexit 127\n")
    broken.chmod(0o755)
    assert _interpreter._tried(Host("/"), str(broken), [])["error"] == "cannot load library"


def test_a_module_beside_the_caller_is_not_taken(tmp_path, monkeypatch):
    (tmp_path / "json.py").write_text("raise SystemExit(9)")
    monkeypatch.chdir(tmp_path)
    assert _interpreter._tried(Host("/"), sys.executable, ["json"])["lacks"] == []


def test_an_interpreter_that_answers_late_is_not_called_broken(tmp_path, monkeypatch):
    slow = tmp_path / "python3"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setattr(_interpreter, "TRIAL_SECONDS", 0.2)
    with pytest.raises(Missing, match="no answer"):
        _interpreter._tried(Host("/"), str(slow), [])
