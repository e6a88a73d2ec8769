# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What 2,000 machines in two subscriptions cost."""

import collections

import pytest
from reading import read


@pytest.mark.parametrize(("agent_status", "most"), [(False, 10), (True, 60)])
def test_calls_for_2000_machines(standin, agent_status, most):
    azure = standin("fleet")
    found, machines = read(agent_status, timeout=300)
    assert len(machines) == 2000 and found["gaps"] == []
    assert found["calls"] == azure.calls() <= most
    states = machines.values()
    codes = collections.Counter(
        error["code"] for state in states for job in state["jobs"][:1] for error in job["errors"]
    )
    assert codes["UserErrorGuestAgentStatusUnavailable"] == 40
    assert sum(not state["protection"]["items"] for state in states) == 80
    assert {len(state["disks"]) for state in states} == {1}
    assert sum("agent" in state for state in states) == (2000 if agent_status else 0)
