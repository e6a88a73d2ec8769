# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._want import Proxy
from network_states import CONF, UNIT, probed
from support import fix_of, guest, verdict

ID = "no_proxy_syntax"
PROXY = "HttpProxy.Host=10.0.0.5\nHttpProxy.Port=3128\n"


@pytest.mark.parametrize(
    ("no_proxy", "conf", "status"),
    [
        ("168.63.129.16,10.0.0.0/8,.internal", PROXY, "ok"),
        ("168.63.129.16,*.blob.core.windows.net", PROXY, "warn"),
        ("*", PROXY, "warn"),
        ("*", "# no proxy\n", "ok"),
    ],
)
def test_entries(tmp_path, no_proxy, conf, status):
    state = probed(tmp_path, {CONF: conf, UNIT: f"[Service]\nEnvironment=no_proxy={no_proxy}\n"})
    assert verdict(ID, guest(**state)).status == status


@pytest.mark.parametrize(("version", "status"), [("2.2.34", "warn"), ("2.2.35", "ok")])
def test_older_agents_do_not_look_at_it(tmp_path, version, status):
    state = probed(tmp_path, {CONF: PROXY, UNIT: "[Service]\nEnvironment=no_proxy=168.63.129.16\n"})
    agent = {"version": {"value": version, "read_from": "x"}}
    assert verdict(ID, guest(**state, agent=agent)).status == status


def test_none_and_missing(tmp_path):
    assert verdict(ID, guest(**probed(tmp_path, {CONF: PROXY}))).status == "not_applicable"
    assert verdict(ID, guest()).status == "unknown"


def test_the_fix(tmp_path):
    state = probed(tmp_path, {CONF: PROXY, UNIT: "[Service]\nEnvironment=no_proxy=*.example.org\n"})
    want = Proxy("10.0.0.5", 3128, (".example.org",))
    remedy, parameters = fix_of(verdict(ID, guest(**state), expect_proxy=want))
    assert (remedy, parameters["no_proxy"], parameters["targets"]) == (
        "environment_proxy",
        [".example.org"],
        ["service"],
    )


def test_an_old_agent_has_to_be_upgraded(tmp_path):
    state = probed(tmp_path, {CONF: PROXY, UNIT: "[Service]\nEnvironment=no_proxy=168.63.129.16\n"})
    agent = {"version": {"value": "2.2.34", "read_from": "x"}}
    found = verdict(ID, guest(**state, agent=agent), expect_proxy=Proxy("10.0.0.5", 3128))
    assert fix_of(found) is None and "Upgrade" in found.fix.advice
