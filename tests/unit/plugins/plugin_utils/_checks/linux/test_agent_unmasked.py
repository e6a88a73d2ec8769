# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from agent_states import STOPPED, healthy, tree, without
from support import fix_of, verdict

ID = "agent_unmasked"
MASK = {"unit": {"load": "masked", "enabled": "masked", "masked_by": "/etc/systemd/system/walinuxagent.service"}}


def test_not_masked():
    assert verdict(ID, healthy()).status == "ok"


def test_masked():
    found = verdict(ID, healthy(STOPPED, MASK))
    assert found.status == "fail"
    assert found.evidence[0].value == "/etc/systemd/system/walinuxagent.service"


def test_masked_on_a_disk():
    assert verdict(ID, tree(MASK)).status == "fail"


def test_masked_while_the_agent_still_runs():
    found = verdict(ID, healthy(MASK))
    assert found.status == "warn" and "restart" in found.why


def test_masked_until_the_next_boot():
    assert verdict(ID, healthy(STOPPED, unit={"load": "masked", "enabled": "masked-runtime"})).status == "fail"


def test_elsewhere_there_are_no_masks():
    assert verdict(ID, healthy(unit={"kind": "openrc"})).status == "not_applicable"
    assert verdict(ID, healthy(unit=None)).status == "not_applicable"


def test_missing():
    assert verdict(ID, without("unit")).status == "unknown"


@pytest.mark.parametrize("state", [healthy(MASK), healthy(STOPPED, MASK)])
def test_the_fix_unmasks_it_and_needs_agreement(state):
    found = verdict(ID, state)
    assert fix_of(found) == ("waagent_service", {"unmask": True, "enabled": True}) and found.fix.confirm
