# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from network_states import CONF, probed
from support import fix_of, guest, verdict

ID = "goal_state_period"
KEY = "Extensions.GoalStatePeriod"


@pytest.mark.parametrize("line", ["# x", f"{KEY}=6", f"{KEY}=300", f"{KEY}=often", f"# {KEY}=3600"])
def test_often_enough(tmp_path, line):
    assert verdict(ID, guest(**probed(tmp_path, {CONF: line + "\n"}))).status == "ok"


def test_too_seldom(tmp_path):
    found = verdict(ID, guest(**probed(tmp_path, {CONF: f"{KEY}=86400\n"})))
    assert found.status == "warn" and "86,400 s" in found.why and found.evidence[0].value
    assert fix_of(found) == ("waagent_conf", {"settings": {KEY: None}}) and found.fix.confirm


def test_missing():
    assert verdict(ID, guest()).status == "unknown"
