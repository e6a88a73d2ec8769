# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from agent_states import healthy, without
from support import verdict

ID = "agent_goal_state_version"


def test_equal_is_no_finding():
    found = verdict(ID, healthy())
    assert found.status == "ok" and "installed" in found.why


def test_a_newer_one_runs():
    found = verdict(ID, healthy(version={"value": "2.9.1.1"}))
    assert found.status == "ok" and "downloaded" in found.why


def test_not_installed():
    assert verdict(ID, healthy(installed=None)).status == "not_applicable"


def test_missing():
    assert verdict(ID, without("version")).status == "unknown"
