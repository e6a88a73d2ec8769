# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Guests boot, answer Ansible, and their real agent follows the fabric."""

import pytest

pytestmark = pytest.mark.lab


@pytest.mark.parametrize("suite", ["bookworm", "trixie", "bullseye"])
def test_agent_of_each_release_reports_a_processed_goal_state(lab_host, suite):
    host = lab_host(suite)

    status = host.wait_agent(timeout=60)

    processed = status["aggregateStatus"]["guestAgentStatus"]
    assert processed["status"] == "Ready"
    assert host.exec(["systemctl", "is-active", "walinuxagent"]).stdout.strip() == "active"
