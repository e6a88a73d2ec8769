# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What win_proxy_firewall_rule refuses before it looks at the firewall, on a real PowerShell engine."""

import pytest
from stand_ins import REPO

MODULE = (REPO / "plugins/modules/win_proxy_firewall_rule.ps1").read_text("utf-8")
CREATE = "[Ansible.Basic.AnsibleModule]::Create($args, $spec, @(, (Get-VmbChangeSpec)))"
SURROUNDINGS = """
Function Read-VmbFirewallRule { [ordered]@{ display = '' } }
Function Invoke-VmbChange {
    param ($Module, [string]$Name, [scriptblock]$Plan)
    try { (& $Plan).after } catch { $_.Exception.Message }
}
"""


@pytest.fixture
def rule(shell):
    """What the module would make of a rule, or why it refuses to."""

    def run(state, *remotes, port=3128):
        listed = ", ".join(f"'{remote}'" for remote in remotes)
        params = f"@{{ port = {port}; state = '{state}'; remote_addresses = [string[]]@({listed}) }}"
        assert CREATE in MODULE
        body = MODULE.replace(CREATE, f"@{{ Params = {params} }}").replace("$module.ExitJson()", "")
        (found,) = shell(SURROUNDINGS + body)
        return found

    return run


def test_no_address_is_not_everyone(rule):
    assert rule("present") == "Cannot open the port '3128': no address or network is given"
    assert rule("absent") == {"display": ""}


@pytest.mark.parametrize("remote", ["proxy.example", "10.0.0.0/x", "10.0.0.0/", "Internet"])
def test_what_is_no_network_is_refused(rule, remote):
    said = f"Cannot allow '{remote}': give an address, a network such as 10.0.0.0/16, LocalSubnet or Any"
    assert rule("present", "10.0.0.5", remote) == said


def test_networks_and_a_port_are_taken(rule):
    assert rule("present", "10.0.0.0/16", "LocalSubnet")["remote"] == ["10.0.0.0/16", "LocalSubnet"]
    assert rule("present", "Any", port=0) == "Cannot open the port '0': give 1 to 65535"
