# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from agent_states import healthy, without
from support import verdict

ID = "agent_log"


def test_a_normal_log():
    assert verdict(ID, healthy()).status == "ok"


def test_no_log_is_no_finding():
    assert verdict(ID, healthy(log=None)).status == "ok"


def test_something_else_in_its_place():
    raw = healthy(log=None)
    raw["agent"]["log_is_file"] = False
    found = verdict(ID, raw)
    assert found.status == "warn" and found.evidence[0].value is False


def test_a_huge_log():
    found = verdict(ID, healthy(log={"size": 15 << 30}))
    assert found.status == "warn" and "15.0 GiB" in found.why


def test_missing():
    assert verdict(ID, without("log")).status == "unknown"
