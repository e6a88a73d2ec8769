# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from agent_states import STOPPED, healthy, tree
from support import advice_of, verdict

ID = "agent_unfrozen"


@pytest.mark.parametrize("process", ["daemon", "handler"])
def test_frozen(process):
    found = verdict(ID, healthy(**{process: {"frozen": True}}))
    assert found.status == "fail" and "systemctl thaw walinuxagent.service" in advice_of(found)
    assert verdict(ID, healthy(**{process: {"frozen": False}})).status == "ok"


def test_an_agent_that_does_not_run_is_not_frozen():
    assert verdict(ID, healthy(STOPPED)).status == "not_applicable"


def test_missing():
    assert verdict(ID, tree()).status == "unknown"
