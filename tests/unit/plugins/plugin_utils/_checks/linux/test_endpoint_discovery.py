# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from network_states import CONF, dhcp, probed
from support import guest, verdict

ID = "endpoint_discovery"


@pytest.mark.parametrize(
    ("line", "installed", "method", "status"),
    [
        ("", "2.7.3.0", "static", "ok"),
        ("Protocol.EndpointDiscovery=static\n", "2.14.0.1", "static", "ok"),
        ("Protocol.EndpointDiscovery=static\n", "2.9.1.1", "static", "warn"),
        ("Protocol.EndpointDiscovery=static\n", "2.9.1.1", "dhcp", "ok"),
        ("Protocol.EndpointDiscovery=static\n", None, "static", "ok"),
    ],
)
def test_the_installed_agent_must_know_it(tmp_path, line, installed, method, status):
    conf = probed(tmp_path, {CONF: "# x\n" + line})["conf"]
    agent = {"installed": {"version": installed, "read_from": "version.py"} if installed else None}
    assert verdict(ID, guest(conf=conf, agent=agent, dhcp=dhcp(method))).status == status


def test_missing():
    assert verdict(ID, guest()).status == "unknown"
