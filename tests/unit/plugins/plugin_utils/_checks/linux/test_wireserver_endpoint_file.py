# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from agent_states import healthy, saying
from network_states import dhcp
from support import guest, verdict

ID = "wireserver_endpoint_file"


@pytest.mark.parametrize(("value", "status"), [("168.63.129.16", "ok"), ("", "ok"), (None, "ok"), ("10.0.0.1", "warn")])
def test_the_remembered_address(value, status):
    cached = None if value is None else {"value": value, "read_from": "/var/lib/waagent/WireServerEndpoint"}
    assert verdict(ID, guest(dhcp=dhcp(cached_endpoint=cached))).status == status


def test_missing():
    assert verdict(ID, guest(missing={"dhcp": "root"})).status == "unknown"


def test_an_agent_that_cannot_read_its_goal_state_because_of_it():
    """WALinuxAgent issues 680, 1159, 1205: a DNS server of the lease was taken."""
    raw = healthy(saying("goal_state_unreadable"))
    cached = {"value": "10.0.0.1,10.0.0.2", "read_from": "/var/lib/waagent/WireServerEndpoint"}
    raw["dhcp"] = dhcp(cached_endpoint=cached)
    assert verdict(ID, raw).status == "fail"
