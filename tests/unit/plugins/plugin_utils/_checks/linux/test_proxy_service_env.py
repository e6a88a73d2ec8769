# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _want
from network_states import CONF, TIMED_OUT, UNIT, fabric, probed, storage
from support import fix_of, guest, verdict

ID = "proxy_service_env"


def state(tmp_path, variables, conf="# x\n"):
    return probed(tmp_path, {CONF: conf, UNIT: f"[Service]\nEnvironment={variables}\n"})


@pytest.mark.parametrize(
    ("variables", "status", "words"),
    [
        ("LANG=C", "ok", ""),
        ("https_proxy=http://10.0.0.5:3128 http_proxy=http://10.0.0.5:3128 no_proxy=168.63.129.16", "ok", ""),
        ("http_proxy=http://10.0.0.5:3128", "warn", "no https_proxy"),
        ("https_proxy=10.0.0.5:3128", "warn", "no scheme"),
        ("https_proxy=http://10.0.0.5", "warn", "no port"),
        ("https_proxy=http://10.0.0.5:x", "warn", "the port is no number"),
        ("https_proxy=http://u:secret@10.0.0.5:3128", "warn", "credentials"),
        ("https_proxy=", "ok", ""),
        ("https_proxy=http://10.0.0.5:3128 no_proxy=.windows.net,.azure.net", "ok", ""),
    ],
)
def test_variables(tmp_path, variables, status, words):
    found = verdict(ID, guest(**state(tmp_path, variables)))
    assert found.status == status and words in found.why and "secret" not in repr(found)


@pytest.mark.parametrize(
    ("reached", "want", "status"), [(True, None, "ok"), (True, False, "warn"), (False, None, "warn")]
)
def test_http_proxy_alone_matters_where_storage_is_not_reached_directly(tmp_path, reached, want, status):
    answered = storage() if reached else storage(**TIMED_OUT)
    raw = guest(**state(tmp_path, "HTTP_PROXY=http://10.0.0.5:3128"), fabric=fabric(storage=answered))
    assert verdict(ID, raw, expect_proxy=want).status == status


def test_waagent_conf_wins(tmp_path):
    raw = guest(**state(tmp_path, "https_proxy=broken", "HttpProxy.Host=p\nHttpProxy.Port=1\n"))
    assert verdict(ID, raw).status == "ok"


def test_the_running_agent_has_other_variables(tmp_path):
    raw = state(tmp_path, "https_proxy=http://10.0.0.5:3128")
    raw["proxy"]["process"] = {"variables": [], "not_exempt": [], "read_from": "/proc/2/environ"}
    found = verdict(ID, guest(**raw))
    assert found.status == "warn" and "not restarted" in found.why
    raw["proxy"]["process"] = dict(raw["proxy"]["service"])
    assert verdict(ID, guest(**raw)).status == "ok"


@pytest.mark.parametrize(
    ("want", "status"),
    [
        (_want.Proxy("10.0.0.5", 3128), "ok"),
        (_want.Proxy("10.0.0.6", 3128), "warn"),
        (False, "warn"),
        (_want.Proxy("10.0.0.5", 3128, ("168.63.129.16",)), "ok"),
        (_want.Proxy("10.0.0.5", 3128, ("168.63.129.16", "example.org")), "warn"),
    ],
)
def test_the_proxy_that_is_wanted(tmp_path, want, status):
    raw = guest(**state(tmp_path, "https_proxy=http://10.0.0.5:3128 no_proxy=168.63.129.16"))
    assert verdict(ID, raw, expect_proxy=want).status == status


def test_missing(tmp_path):
    raw = state(tmp_path, "LANG=C")
    del raw["proxy"]["service"]
    assert verdict(ID, guest(**raw)).status == "unknown"
    assert verdict(ID, guest()).status == "unknown"


@pytest.mark.parametrize(
    ("want", "fix"),
    [
        (
            _want.Proxy("10.0.0.5", 3128, (".internal",)),
            {"http_proxy": "http://10.0.0.5:3128", "no_proxy": [".internal"], "targets": ["service"]},
        ),
        (_want.Proxy("fd00::5", 3128), {"http_proxy": "http://[fd00::5]:3128", "targets": ["service"]}),
        (False, {"state": "absent", "targets": ["service"]}),
        (None, None),
    ],
)
def test_the_fix_is_what_the_operator_wants(tmp_path, want, fix):
    found = verdict(ID, guest(**state(tmp_path, "https_proxy=10.0.0.9:3128")), expect_proxy=want)
    assert found.status == "warn" and fix_of(found) == (fix and ("environment_proxy", fix))
    if fix is None:
        assert "diagnose_expect_proxy" in found.fix.advice
