# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from agent_states import STOPPED, healthy, tree, without
from support import advice_of, verdict

ID = "agent_unit_dependencies"
LINE = {"text": "Dependency failed for walinuxagent.service", "count": 1, "age_s": 60}
FAILED = {"system_log": {"current": {"agent_unit_dependency_failed": LINE}, "crash": None, "read_from": "journal"}}


def unit(exists=True, masked=False):
    one = {"name": "data.service", "exists": exists, "masked": masked, "read_from": "/etc/d.conf:2: Requires"}
    return {"requires": [one]}


@pytest.mark.parametrize(("lost", "word"), [(unit(exists=False), "absent"), (unit(masked=True), "masked")])
def test_a_required_unit_is_lost(lost, word):
    found = verdict(ID, healthy(STOPPED, unit=lost))
    assert found.status == "fail" and f"data.service ({word})" in found.why
    assert "from /etc/d.conf:2: Requires" in advice_of(found)
    assert verdict(ID, tree(unit=lost)).status == "fail"
    assert verdict(ID, healthy(unit=lost)).status == "warn"


def test_a_required_unit_failed():
    assert verdict(ID, healthy(STOPPED, FAILED, unit=unit())).status == "fail"
    assert verdict(ID, healthy(FAILED, unit=unit())).status == "ok"


def silent_for(seconds):
    return {"system_log": {**FAILED["system_log"], "silent_s": seconds}}


def test_a_required_unit_failed_before_the_end_of_a_disk():
    assert verdict(ID, tree(silent_for(3600), unit=unit())).status == "fail"
    assert verdict(ID, tree(silent_for(30), unit=unit())).status == "ok"
    assert verdict(ID, tree(silent_for(None), unit=unit())).status == "ok"
    assert verdict(ID, healthy(silent_for(3600), unit=unit())).status == "ok"


def test_all_are_there():
    assert verdict(ID, healthy(unit=unit())).status == "ok"
    assert verdict(ID, tree(unit=unit(exists=None))).status == "ok"
    assert verdict(ID, healthy()).status == "ok"


def test_elsewhere_there_are_none():
    assert verdict(ID, healthy(unit={"kind": "sysvinit"})).status == "not_applicable"


def test_missing():
    assert verdict(ID, without("unit")).status == "unknown"
