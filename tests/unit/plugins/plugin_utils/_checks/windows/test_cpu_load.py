# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cpu_load: the rule, its neighbours, and missing facts."""

import pytest
from support import verdict
from windows_states import GONE, edited

ID = "cpu_load"


@pytest.mark.parametrize(
    ("percent", "status", "why"),
    [(97.0, "warn", "97 % busy, more than 90 %"), (90.0, "ok", ""), (40.0, "ok", "")],
)
def test_rule(percent, status, why):
    found = verdict(ID, edited({"load.cpu.percent": percent}))
    assert (found.status, why in found.why) == (status, True), found


def test_the_operator_sets_the_limit():
    assert verdict(ID, edited({"load.cpu.percent": 60.0}), max_cpu_percent=50).status == "warn"


def test_hosts_form_one_group():
    first, second = (verdict(ID, edited({"load.cpu.percent": percent})) for percent in (95.0, 97.0))
    assert first.key == second.key


def test_missing_fact():
    found = verdict(ID, edited({"load.cpu": GONE}))
    assert found.status == "unknown" and "load.cpu" in found.why
