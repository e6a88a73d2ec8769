# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._want import Proxy
from network_states import CONF, UNIT, fabric, probed, proxy_answer
from support import fix_of, guest, verdict

ID = "wire_not_proxied"
PROXIED = {CONF: "HttpProxy.Host=10.0.0.5\nHttpProxy.Port=3128\n"}


def agent(version):
    return {"version": {"value": version, "read_from": "/proc/2/cmdline"}}


def test_a_proxy_in_front_of_todays_agent_is_no_finding(tmp_path):
    state = probed(tmp_path, PROXIED)
    assert verdict(ID, guest(**state, agent=agent("2.9.1.1"), fabric=fabric())).status == "ok"


@pytest.mark.parametrize(
    ("version", "proxies", "status"),
    [
        ("2.2.14", [proxy_answer()], "fail"),
        ("2.2.14", [proxy_answer(connected=False, error="timed out", status=None)], "fail"),
        ("2.2.14", [proxy_answer(status=200)], "warn"),
        ("2.2.14", [], "warn"),
        ("2.2.15", [proxy_answer()], "ok"),
    ],
)
def test_old_agents_send_the_host_plugin_through_the_proxy(tmp_path, version, proxies, status):
    """WALinuxAgent issues 769 and 800."""
    state = probed(tmp_path, PROXIED)
    assert verdict(ID, guest(**state, agent=agent(version), fabric=fabric(proxies=proxies))).status == status


@pytest.mark.parametrize(
    ("variables", "status"),
    [
        ("http_proxy=http://p:1", "warn"),
        ("http_proxy=http://p:1 no_proxy=168.63.129.16,169.254.169.254", "ok"),
        ("http_proxy=http://p:1 no_proxy=168.63.129.16/32", "ok"),
        ("http_proxy=http://p:1 no_proxy=*", "ok"),
        ("https_proxy=http://p:1", "ok"),
        ("no_proxy=localhost", "ok"),
    ],
)
@pytest.mark.parametrize("place", ["unit", "login"])
def test_variables_without_an_exemption(tmp_path, variables, status, place):
    text = "[Service]\nEnvironment=" + variables if place == "unit" else variables.replace(" ", "\n")
    state = probed(tmp_path, {CONF: "# x\n", UNIT if place == "unit" else "/etc/environment": text + "\n"})
    assert verdict(ID, guest(**state)).status == status


def test_an_intermediary_that_gives_itself_away(tmp_path):
    state = probed(tmp_path, {CONF: "# x\n"})
    assert verdict(ID, guest(**state, fabric=fabric(wire={"via": "1.1 squid"}))).status == "warn"


def test_missing():
    assert verdict(ID, guest()).status == "unknown"


def test_an_environment_that_is_not_known(tmp_path):
    state = probed(tmp_path, {CONF: "# x\n", UNIT: "[Service]\n"})
    assert verdict(ID, guest(**state)).status == "ok"
    del state["proxy"]["service"]
    assert verdict(ID, guest(**state)).status == "unknown"


def test_the_fix(tmp_path):
    unit = {CONF: "# x\n", UNIT: "[Service]\nEnvironment=http_proxy=http://p:1\n"}
    found = verdict(ID, guest(**probed(tmp_path, unit)), expect_proxy=Proxy("p", 1))
    parameters = {"http_proxy": "http://p:1", "targets": ["logins", "service"]}
    assert fix_of(found) == ("environment_proxy", parameters)


def test_what_no_exemption_fixes(tmp_path):
    raw = guest(**probed(tmp_path, {CONF: "# x\n"}), fabric=fabric(wire={"via": "1.1 squid"}))
    assert fix_of(verdict(ID, raw, expect_proxy=Proxy("p", 1))) is None
    raw = guest(**probed(tmp_path / "old", PROXIED), agent=agent("2.2.14"), fabric=fabric(proxies=[proxy_answer()]))
    assert "Upgrade" in verdict(ID, raw, expect_proxy=Proxy("p", 1)).fix.advice
