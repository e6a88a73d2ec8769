# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from snapshot_states import PYTHON, not_installed, snapshot, without
from support import verdict


def python(version, lacks=(), usable=None, **facts):
    one = dict(PYTHON, version=version, lacks=None if lacks is None else list(lacks))
    return dict(facts, **{"interpreter.candidates": [one], "interpreter.usable": usable})


def test_a_module_that_python_no_longer_has():
    raw = snapshot(extension=python("3.14.3", ["crypt", "distutils"]))
    result = verdict("ext_python_supported", raw)
    assert result.status == "fail" and "crypt and distutils" in result.why


@pytest.mark.parametrize(
    ("version", "interpreter", "status"),
    [
        ("1.0.9218.0", "3.12.3", "fail"),
        ("1.0.9218.0", "3.11.2", "ok"),
        ("1.0.9220.0", "3.12.3", "ok"),
        ("1.0.9225.0", "3.13.0", "fail"),
        ("1.0.9226.0", "3.14.0", "ok"),
    ],
)
def test_versions_that_are_known_not_to_load(version, interpreter, status):
    raw = snapshot(extension=python(interpreter, usable="/usr/bin/python3", **{"installed.version": version}))
    assert verdict("ext_python_supported", raw).status == status


def test_before_the_first_backup_a_new_python_is_worth_a_note():
    raw = snapshot(extension=dict(not_installed(), **python("3.14", ["crypt", "distutils", "imp"], "/usr/bin/python3")))
    result = verdict("ext_python_supported", raw)
    assert result.status == "ok" and "1.0.9225.0" in result.why


def test_before_the_first_backup_python_312_with_setuptools():
    raw = snapshot(extension=dict(not_installed(), **python("3.12", ["imp"], "/usr/bin/python3")))
    assert verdict("ext_python_supported", raw).status == "ok"


def test_a_tree_whose_log_names_the_module():
    facts = python("3.14", None, command={"module": "crypt", "denied": False, "read_from": "x"}, launch=None)
    assert verdict("ext_python_supported", snapshot(mode="tree", extension=facts)).status == "fail"
    facts["launch"] = {"returned": 0, "no_python": False, "read_from": "x"}
    assert verdict("ext_python_supported", snapshot(mode="tree", extension=facts)).status == "unknown"


def test_no_python_is_another_condition():
    raw = snapshot(extension={"interpreter.candidates": [], "interpreter.usable": None})
    assert verdict("ext_python_supported", raw).status == "not_applicable"


def test_missing_facts():
    assert verdict("ext_python_supported", without(snapshot(), "extension", "interpreter")).status == "unknown"


def test_the_agents_log_names_the_module():
    word = {"exit_status": 1, "denied": False, "module": "crypt", "read_from": "/var/log/waagent.log"}
    raw = snapshot("tree", extension=dict(not_installed(), agent_log=word))
    assert verdict("ext_python_supported", raw).status == "fail"
    assert verdict("ext_python_supported", snapshot(extension=dict(not_installed(), agent_log=word))).status == "ok"
