# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from agent_states import STOPPED, healthy, without
from support import verdict

ID = "agent_unit"


def test_a_unit_of_either_name():
    assert verdict(ID, healthy()).status == "ok"
    assert verdict(ID, healthy(unit={"name": "waagent.service"})).status == "ok"


def test_no_unit():
    assert verdict(ID, healthy(STOPPED, unit=None)).status == "fail"


def test_an_agent_that_somebody_started_by_hand():
    assert verdict(ID, healthy(unit=None)).status == "warn"


def test_missing():
    assert verdict(ID, without("unit")).status == "unknown"
