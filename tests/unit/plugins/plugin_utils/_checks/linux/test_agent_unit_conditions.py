# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from agent_states import STOPPED, healthy, tree, without
from support import verdict

ID = "agent_unit_conditions"


def condition(name, value, holds, found="x"):
    return {"name": name, "value": value, "holds": holds, "found": found, "read_from": "/lib/x.service:4"}


VIRTUAL = condition("ConditionVirtualization", "microsoft", False, "kvm")
FILE = condition("ConditionPathExists", "/etc/waagent.conf", False, "no such file")


def test_all_hold():
    assert verdict(ID, healthy(unit={"conditions": [dict(FILE, holds=True)]})).status == "ok"


def test_one_does_not():
    found = verdict(ID, healthy(STOPPED, unit={"conditions": [FILE], "condition_result": False}))
    assert found.status == "fail" and "ConditionPathExists=/etc/waagent.conf" in found.why


def test_an_assertion_does_not_hold():
    unit = {"conditions": [condition("AssertPathExists", "/none", False)]}
    found = verdict(ID, healthy(STOPPED, unit=unit))
    assert found.status == "fail" and "refuses to start the agent: AssertPathExists=/none" in found.why
    assert verdict(ID, healthy(unit=unit)).status == "warn"


def test_it_does_not_on_a_disk():
    assert verdict(ID, tree(unit={"conditions": [FILE]})).status == "fail"


def test_the_running_agent_misses_it_at_its_next_start():
    assert verdict(ID, healthy(unit={"conditions": [FILE]})).status == "warn"


def test_debian_outside_of_azure():
    found = verdict(ID, healthy(STOPPED, unit={"conditions": [VIRTUAL], "condition_result": False}))
    assert found.status == "fail" and "ConditionVirtualization=microsoft" in found.why


def test_the_managers_own_look_at_the_machine_outranks_ours():
    unit = {"conditions": [VIRTUAL], "condition_result": True}
    assert verdict(ID, healthy(unit=unit)).status == "ok"
    assert verdict(ID, healthy(STOPPED, unit=unit)).status == "ok"


def test_a_condition_that_the_probe_cannot_judge():
    unclear = condition("ConditionKernelVersion", ">=9", None, None)
    unit = {"conditions": [unclear], "condition_result": False}
    assert verdict(ID, healthy(STOPPED, unit=unit)).status == "fail"
    assert verdict(ID, healthy(STOPPED, unit=dict(unit, condition_result=None))).status == "ok"
    assert verdict(ID, tree(unit=unit)).status == "ok"


def test_elsewhere_there_are_none():
    assert verdict(ID, healthy(unit={"kind": "sysvinit"})).status == "not_applicable"


def test_missing():
    assert verdict(ID, without("unit")).status == "unknown"
