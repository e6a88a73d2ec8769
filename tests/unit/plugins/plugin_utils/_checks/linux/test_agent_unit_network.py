# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from agent_states import healthy, saying, tree, without
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _registry
from support import verdict

ID = "agent_unit_network"
DROP_IN = "/etc/systemd/system/walinuxagent.service.d/hardening.conf"


def unit(**settings):
    """A change: the unit has these settings, each a value or several."""
    found = [
        {"name": name, "value": value, "read_from": f"{DROP_IN}:2"}
        for name, values in settings.items()
        for value in ([values] if isinstance(values, str) else values)
    ]
    return {"unit": {"network": found}}


@pytest.mark.parametrize(
    "settings",
    [
        {"PrivateNetwork": "yes"},
        {"IPAddressDeny": "0.0.0.0/0"},
        {"IPAddressDeny": ["10.0.0.0/8", "168.63.0.0/16"]},
        {"IPAddressDeny": "any", "IPAddressAllow": "localhost link-local 10.0.0.0/8"},
        {"RestrictAddressFamilies": "AF_UNIX AF_NETLINK"},
        {"RestrictAddressFamilies": "~AF_INET AF_INET6"},
    ],
)
def test_the_agent_is_cut_off(settings):
    found = verdict(ID, healthy(unit(**settings), status=None))
    assert found.status == "fail" and any(DROP_IN in one.source for one in found.evidence)
    works = verdict(ID, healthy(unit(**settings)))
    assert works.status == "warn" and "in spite of it" in works.why


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"PrivateNetwork": "no"},
        {"IPAddressDeny": "multicast 10.9.0.0/16"},
        {"IPAddressDeny": "any", "IPAddressAllow": ["localhost", "168.63.129.16/32"]},
        {"IPAddressDeny": "not-an-address"},
        {"RestrictAddressFamilies": ["AF_UNIX", "AF_INET AF_INET6"]},
        {"RestrictAddressFamilies": "~AF_PACKET"},
    ],
)
def test_what_the_agent_needs_is_left(settings):
    assert verdict(ID, healthy(unit(**settings))).status == "ok"


def test_it_explains_what_the_log_says_of_the_host():
    raw = tree(saying("wire_unanswered"), unit(PrivateNetwork="true"))
    assert _registry.diagnose(raw, only=(ID, "wire_http_80", "agent_goal_state"))["first_cause"] == ID


def test_no_unit_of_systemd_and_missing():
    assert verdict(ID, healthy(unit={"kind": "openrc", "network": []})).status == "not_applicable"
    assert verdict(ID, healthy()).status == "unknown"
    assert verdict(ID, without("unit")).status == "unknown"
