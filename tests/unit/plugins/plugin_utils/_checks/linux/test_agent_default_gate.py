# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from agent_states import STOPPED, healthy, without
from support import verdict

ID = "agent_default_gate"


def test_systemd_does_not_look_at_it():
    state = healthy(default_gate={"required": False, "value": "0"})
    assert verdict(ID, state).status == "not_applicable"


def test_open():
    assert verdict(ID, healthy(default_gate={"required": True, "value": "1"})).status == "ok"


@pytest.mark.parametrize("value", ["0", "yes", "", None])
def test_closed_by_anything_else(value):
    found = verdict(ID, healthy(STOPPED, default_gate={"required": True, "value": value}))
    assert found.status == "fail" and str(value or "") in found.why


def test_closed_while_running():
    assert verdict(ID, healthy(default_gate={"required": True, "value": "0"})).status == "warn"


def test_missing():
    assert verdict(ID, without("default_gate")).status == "unknown"
