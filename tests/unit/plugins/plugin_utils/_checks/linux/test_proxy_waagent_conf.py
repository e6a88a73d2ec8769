# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _registry
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _want
from network_states import CONF, UNIT, fabric, probed, proxy_answer
from support import fix_of, guest, verdict

ID = "proxy_waagent_conf"
WANTED = _want.Proxy("10.0.0.5", 3128)


@pytest.mark.parametrize(
    ("text", "status", "words"),
    [
        ("# nothing\n", "ok", ""),
        ("HttpProxy.Host=10.0.0.5\nHttpProxy.Port=3128\n", "ok", ""),
        ("HttpProxy.Host=None\nHttpProxy.Port=None\n", "ok", ""),
        ("HttpProxy.Host=px.corp.example\nHttpProxy.Port=3128 # x\n", "ok", ""),
        ("HttpProxy.Host=fd00::5\nHttpProxy.Port=3128\n", "ok", ""),
        (
            "HttpProxy.Host=10.0.0.5\n",
            "warn",
            "the agent connects directly, the extension's own code",
        ),
        ("HttpProxy.Port=3128\n", "warn", "without HttpProxy.Host"),
        ("HttpProxy.Host=10.0.0.5\nHttpProxy.Port=abc\n", "warn", "unusable HttpProxy.Port (abc)"),
        ("HttpProxy.Host=http://10.0.0.5\nHttpProxy.Port=3128\n", "warn", "scheme"),
        ("HttpProxy.Host=10.0.0.5:3128\nHttpProxy.Port=3128\n", "warn", "not a bare name"),
        ("HttpProxy.Host=u:p@10.0.0.5\nHttpProxy.Port=3128\n", "warn", "not a bare name"),
        ("HttpProxy.Host='10.0.0.5'\nHttpProxy.Port=3128\n", "warn", "not a bare name"),
        ("HttpProxy.Host=\nHttpProxy.Port=3128\n", "warn", "empty"),
        ("HttpProxy.Host=10.0.0.5\nHttpProxy.Port=70000\n", "warn", "70000 is not a port"),
    ],
)
def test_the_pair(tmp_path, text, status, words):
    found = verdict(ID, guest(**probed(tmp_path, {CONF: text})))
    assert found.status == status and words in found.why


def test_evidence_names_file_line_and_key(tmp_path):
    found = verdict(ID, guest(**probed(tmp_path, {CONF: "# x\nHttpProxy.Host=10.0.0.5\n"})))
    assert found.evidence[0].source == "/etc/waagent.conf:2: HttpProxy.Host"


def test_half_a_proxy_is_the_cause_and_its_refusal_the_consequence(tmp_path):
    state = probed(tmp_path, {CONF: "HttpProxy.Host=10.0.0.5\n"})
    refused = proxy_answer(proxy="10.0.0.5:443", clients=["snapshot_extension"], connected=False, error="timed out")
    raw = guest(**state, fabric=fabric(proxies=[refused]))
    ids = (ID, "proxy_reachable", "proxy_service_env", "wire_not_proxied", "conf_strict_syntax")
    assert _registry.diagnose(raw, only=ids)["first_cause"] == ID


@pytest.mark.parametrize(("python", "status"), [("2.6.6", "fail"), ("2.7.5", "ok"), (None, "ok")])
def test_python_2_6_cannot_tunnel(tmp_path, python, status):
    """WALinuxAgent issues 523 and 952."""
    state = probed(tmp_path, {CONF: "HttpProxy.Host=linux-tr.cloudapp.net\nHttpProxy.Port=443\n"})
    agent = {"interpreter": {"version": python, "read_from": "/usr/sbin/waagent"}}
    assert verdict(ID, guest(**state, agent=agent)).status == status


@pytest.mark.parametrize(
    ("text", "want", "status"),
    [
        ("HttpProxy.Host=10.0.0.5\nHttpProxy.Port=3128\n", WANTED, "ok"),
        ("HttpProxy.Host=10.0.0.6\nHttpProxy.Port=3128\n", WANTED, "warn"),
        ("HttpProxy.Host=10.0.0.5\nHttpProxy.Port=3128\n", False, "warn"),
        ("# none\n", WANTED, "warn"),
        ("# none\n", False, "ok"),
    ],
)
def test_the_proxy_that_is_wanted(tmp_path, text, want, status):
    assert verdict(ID, guest(**probed(tmp_path, {CONF: text})), expect_proxy=want).status == status


def test_the_wanted_proxy_in_the_environment_is_not_its_matter(tmp_path):
    unit = "[Service]\nEnvironment=https_proxy=http://10.0.0.5:3128\n"
    assert verdict(ID, guest(**probed(tmp_path, {CONF: "# x\n", UNIT: unit})), expect_proxy=WANTED).status == "ok"


def test_missing():
    assert verdict(ID, guest()).status == "unknown"


NONE = ("waagent_conf", {"settings": {"HttpProxy.Host": None, "HttpProxy.Port": None}})
GIVEN = ("waagent_conf", {"proxy": {"host": "10.0.0.5", "port": 3128}})


@pytest.mark.parametrize(
    ("text", "want", "fix"),
    [
        ("HttpProxy.Host=p\n", None, NONE),
        ("HttpProxy.Port=1\n", None, NONE),
        ("HttpProxy.Host=p\n", WANTED, GIVEN),
        ("HttpProxy.Host=p\nHttpProxy.Port=1\n", False, NONE),
        ("HttpProxy.Host=http://p\nHttpProxy.Port=1\n", WANTED, GIVEN),
        ("HttpProxy.Host=p\nHttpProxy.Port=x\n", WANTED, GIVEN),
        # Two values that make no proxy: only the operator knows which was meant.
        ("HttpProxy.Host=http://p\nHttpProxy.Port=1\n", None, None),
        ("HttpProxy.Host=p\nHttpProxy.Port=x\n", None, None),
    ],
)
def test_the_fix(tmp_path, text, want, fix):
    found = verdict(ID, guest(**probed(tmp_path, {CONF: text})), expect_proxy=want)
    assert fix_of(found) == fix
    if fix is None:
        assert "diagnose_expect_proxy" in found.fix.advice


def test_no_remedy_for_an_agent_that_no_proxy_serves(tmp_path):
    state = probed(tmp_path, {CONF: "HttpProxy.Host=p\nHttpProxy.Port=443\n"})
    agent = {"interpreter": {"version": "2.6.6", "read_from": "/usr/sbin/waagent"}}
    found = verdict(ID, guest(**state, agent=agent), expect_proxy=WANTED)
    assert fix_of(found) is None and "Upgrade" in found.fix.advice
