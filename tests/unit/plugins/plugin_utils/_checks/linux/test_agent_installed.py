# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from agent_states import STOPPED, healthy, tree, without
from support import advice_of, fix_of, verdict

ID = "agent_installed"


def test_installed():
    assert verdict(ID, healthy()).status == "ok"
    assert verdict(ID, tree()).status == "ok"


def test_absent():
    found = verdict(ID, healthy(STOPPED, binary=None, unit=None))
    assert found.status == "fail" and "not installed" in found.why
    assert fix_of(found) == ("agent_version", {"state": "present", "minimum": "2.2.53.1"})


def test_a_running_agent_in_an_unusual_place_is_installed():
    assert verdict(ID, healthy(binary=None)).status == "ok"


def test_a_removed_package_that_left_its_configuration():
    package = {"status": "deinstall ok config-files"}
    found = verdict(ID, healthy(STOPPED, binary=None, package=package))
    assert found.status == "fail" and "removed" in found.why
    assert fix_of(found) == ("agent_version", {"state": "present", "minimum": "2.2.53.1"})


def test_the_program_without_its_package():
    python = {"imports": False, "error": "ModuleNotFoundError: No module named 'azurelinuxagent'"}
    found = verdict(ID, healthy(STOPPED, interpreter=python, modules=[]))
    assert found.status == "fail" and "azurelinuxagent" in found.why
    assert "Reinstall" in advice_of(found)


def test_a_package_of_another_python_is_installed():
    assert verdict(ID, healthy(STOPPED, interpreter={"imports": False, "error": "x"})).status == "ok"


def test_a_program_that_may_not_be_executed():
    plain = {"executable": False, "mode": "0644"}
    found = verdict(ID, healthy(STOPPED, binary=plain))
    assert found.status == "fail" and "0644" in found.why
    assert "chmod 0755 /usr/sbin/waagent" in advice_of(found)
    by_python = {"exec": ["/usr/bin/python3", "-u", "/usr/sbin/waagent", "-daemon"]}
    assert verdict(ID, healthy(STOPPED, binary=plain, unit=by_python)).status == "ok"


def test_a_part_of_a_tree_is_no_proof():
    assert verdict(ID, without("binary", "the tree does not contain the system's programs")).status == "unknown"


def test_a_tree_without_its_package():
    assert verdict(ID, tree(modules=[])).status == "fail"
