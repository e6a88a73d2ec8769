# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._plan import RULES, plan
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._registry import checks
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._want import Want
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import diagnose
from network_states import CONF, probed
from support import guest

UNIT = "walinuxagent.service (/usr/lib/systemd/system/walinuxagent.service)"
PROXY = {"host": "10.0.0.5", "port": 3128, "bypass": [".internal"]}
NOON, WINDOW = 1795694400.0, {"start": "11:00", "end": "13:00"}  # 2026-11-26 12:00 UTC


def finding(id_, *evidence, status="fail", consequence_of=None):
    return {
        "id": id_,
        "status": status,
        "why": f"because of {id_}",
        "evidence": [{"source": source, "value": value} for source, value in evidence],
        "consequence_of": consequence_of,
        "remedy": checks()[id_].remedy,
    }


def diagnosis(*findings, platform="linux"):
    return {"platform": platform, "findings": list(findings)}


def planned(*findings, now=NOON, **options):
    return plan(diagnosis(*findings), now, **options)


def remedies(made):
    return [step["remedy"] for step in made["steps"]]


def reasons(made):
    return {one["check"]: one["reason"] for one in made["left"]}


def on_conf(tmp_path, text, id_, **want):
    """The plan for one check on a guest with such a waagent.conf, as the real probe and check see it."""
    raw = guest(**probed(tmp_path, {CONF: text}))
    return plan(diagnose(raw, Want.from_options(want), only=[id_]), NOON, **want)


NO_RESTART = finding("agent_auto_restart", (f"{UNIT}: restart", "no"), status="warn")
HALF = finding("proxy_waagent_conf", (f"{CONF}: HttpProxy.Host", "p"), (f"{CONF}: HttpProxy.Port", None), status="warn")


def test_every_remedy_has_a_rule_and_every_rule_its_check():
    for platform, rules in RULES.items():
        remedies_of = {id_: one.remedy_on(platform) for id_, one in checks().items() if platform in one.platforms}
        assert {id_: rule.remedy for id_, rule in rules.items()} == {id_: r for id_, r in remedies_of.items() if r}


def test_findings_with_one_remedy_are_one_step():
    made = planned(finding("agent_service_enabled"), NO_RESTART)
    (step,) = made["steps"]
    assert step["parameters"] == {"enabled": True, "restart_policy": "always"}
    assert step["checks"] == step["verify"] == ["agent_service_enabled", "agent_auto_restart"]
    assert made["left"] == []


def test_a_running_agent_is_restarted_once_after_the_last_change():
    made = planned(finding("extensions_enabled"), finding("proxy_service_env"), expect_proxy=PROXY)
    assert [(step["remedy"], step["restart"]) for step in made["steps"]] == [
        ("waagent_conf", False),
        ("environment_proxy", True),
    ]


def test_the_service_step_is_the_restart_where_there_is_one():
    made = planned(finding("proxy_service_env"), NO_RESTART, expect_proxy=PROXY)
    proxy, service = made["steps"]
    assert service["parameters"] == {"enabled": False, "restart_policy": "always", "state": "restarted"}
    assert not proxy["restart"] and not service["restart"]
    # What only the restart brings into force is proved after it.
    assert proxy["verify"] == [] and service["verify"] == ["agent_auto_restart", "proxy_service_env"]


def test_an_agent_that_does_not_run_is_not_started_by_a_restart():
    made = planned(finding("extensions_enabled"), finding("agent_service_running"), skip=["waagent_service"])
    assert [step["restart"] for step in made["steps"]] == [False]
    assert reasons(made) == {"agent_service_running": "is skipped"}


def test_order():
    found = ["handler_state", "agent_service_running", "snapshot_limit_flag", "extensions_enabled", "static_ip"]
    made = planned(*map(finding, found), allow=["auto", "confirm"])
    assert remedies(made) == ["guest_dhcp", "waagent_conf", "vmbackup_conf", "waagent_service", "snapshot_extension"]


@pytest.mark.parametrize("allow", [["confirm"], ["waagent_service"], ["agent_unmasked"], ["auto", "agent_unmasked"]])
def test_what_somebody_may_have_wanted_needs_agreement(allow):
    assert "agent_unmasked" in reasons(planned(finding("agent_unmasked")))
    made = planned(finding("agent_unmasked"), allow=allow)
    assert made["steps"][0]["class"] == "confirm" and made["steps"][0]["parameters"]["unmask"] is True


def test_nothing_is_allowed():
    assert remedies(planned(finding("extensions_enabled"), allow=[])) == []


@pytest.mark.parametrize("guard", ["agent_unmasked", "agent_disable_marker", "agent_unit_conditions", "conf_path"])
def test_an_agent_that_would_not_come_back_is_not_restarted(guard):
    made = planned(finding("extensions_enabled"), NO_RESTART, finding(guard, status="warn"))
    assert remedies(made) == []
    assert guard in reasons(made)["extensions_enabled"] and guard in reasons(made)["agent_auto_restart"]


def test_it_is_once_the_guard_is_put_right_in_the_same_run():
    made = planned(finding("extensions_enabled"), finding("agent_unmasked", status="warn"), allow=["auto", "confirm"])
    assert remedies(made) == ["waagent_conf", "waagent_service"]
    assert made["steps"][1]["parameters"] == {"unmask": True, "enabled": True, "state": "restarted"}


def test_the_file_of_a_masked_agent_that_does_not_run_can_be_put_right():
    made = planned(finding("extensions_enabled"), finding("agent_unmasked"), finding("agent_service_running"))
    assert [(step["remedy"], step["restart"]) for step in made["steps"]] == [("waagent_conf", False)]


def test_consequences_are_left():
    made = planned(finding("agent_service_running", consequence_of="agent_service_enabled"), finding("disk_space"))
    assert made["steps"] == []
    assert reasons(made) == {
        "agent_service_running": "follows from agent_service_enabled",
        "disk_space": "there is no remedy",
    }


def test_what_follows_from_something_planned_goes_with_it():
    stopped = finding("agent_service_running", consequence_of="agent_service_enabled")
    silent = finding("agent_status", consequence_of="agent_service_running")
    cause = finding("agent_service_enabled")
    assert planned(stopped, silent, cause)["left"] == []
    assert set(reasons(planned(stopped, silent, cause, allow=[]))) == {stopped["id"], silent["id"], cause["id"]}


def test_each_platform_has_its_own_remedies():
    found = finding("agent_service_running")
    assert plan(diagnosis(found, platform="windows"), NOON)["steps"] == []
    assert plan(diagnosis(found, platform=None), NOON)["steps"] == []


def test_healthy_and_unknown_findings_are_nobodys_business():
    made = planned(finding("extensions_enabled", status="ok"), finding("agent_unmasked", status="unknown"))
    assert made == {"steps": [], "left": []}


@pytest.mark.parametrize("option", ["allow", "skip"])
def test_a_word_that_means_nothing(option):
    with pytest.raises(ValueError, match="did you mean waagent_service"):
        planned(**{option: ["waagent_servise"]})


def test_outside_the_window_nothing_is_planned():
    made = planned(finding("extensions_enabled"), now=NOON + 3 * 3600, window=WINDOW)
    assert made["steps"] == [] and "outside" in reasons(made)["extensions_enabled"]


def test_what_would_cross_the_end_is_left_and_all_after_it():
    found = [finding("agent_version"), finding("extensions_enabled")]
    options = {"allow": ["auto", "confirm"], "window": WINDOW}
    assert remedies(planned(*found, **options)) == ["agent_version", "waagent_conf"]
    made = planned(*found, now=NOON + 50 * 60, **options)
    assert made["steps"] == []
    assert set(reasons(made)) == {"agent_version", "extensions_enabled"}


def test_what_needs_a_restart_is_started_only_if_the_window_has_room_for_that_too():
    parts = finding("extensions_enabled"), finding("vmbackup_conf", ("vmbackup.conf: error", "x"), status="warn")
    alone = {step["remedy"]: step["bound"] for one in (*parts, NO_RESTART) for step in planned(one)["steps"]}
    alone["waagent_conf"] -= 90  # here the service's step has the restart
    bounds = {step["remedy"]: step["bound"] for step in planned(*parts, NO_RESTART)["steps"]}
    assert bounds == {**alone, "waagent_conf": sum(alone.values())}


def test_the_bound_covers_the_restart_and_the_proof():
    still, restarted = planned(HALF, finding("agent_service_running"), skip=["waagent_service"]), planned(HALF)
    assert restarted["steps"][0]["bound"] > still["steps"][0]["bound"] > restarted["steps"][0]["seconds"]


@pytest.mark.parametrize(
    ("text", "expected", "parameters"),
    [
        ("HttpProxy.Host=p\n", {}, {"settings": {"HttpProxy.Host": None, "HttpProxy.Port": None}}),
        ("HttpProxy.Port=1\n", {}, {"settings": {"HttpProxy.Host": None, "HttpProxy.Port": None}}),
        ("HttpProxy.Host=p\n", {"expect_proxy": PROXY}, {"proxy": {"host": "10.0.0.5", "port": 3128}}),
        (
            "HttpProxy.Host=p\nHttpProxy.Port=1\n",
            {"expect_proxy": {}},
            {"settings": {"HttpProxy.Host": None, "HttpProxy.Port": None}},
        ),
        ("HttpProxy.Host=http://p\nHttpProxy.Port=1\n", {}, None),
    ],
)
def test_the_agents_proxy(tmp_path, text, expected, parameters):
    made = on_conf(tmp_path, text, "proxy_waagent_conf", **expected)
    if parameters is None:
        assert made["steps"] == [] and "diagnose_expect_proxy" in reasons(made)["proxy_waagent_conf"]
    else:
        assert made["steps"][0]["parameters"] == parameters


@pytest.mark.parametrize(
    ("text", "id_", "is_fixed"),
    [
        ("HttpProxy.Host=a\nHttpProxy.Host=b\n", "conf_agent_syntax", True),
        ("HttpProxy.Hots=p\n", "conf_agent_syntax", False),  # a key that nobody reads
        ("HttpProxy.Host = p\n", "conf_strict_syntax", True),
    ],
)
def test_lines_that_are_read_otherwise(tmp_path, text, id_, is_fixed):
    made = on_conf(tmp_path, text, id_)
    assert (made["steps"] or [{}])[0].get("parameters") == ({"normalize": True} if is_fixed else None)
    assert (id_ in reasons(made)) != is_fixed


def test_the_proxy_of_the_service():
    found = finding("proxy_service_env", status="warn")
    made = planned(found, expect_proxy=PROXY)
    assert made["steps"][0]["parameters"] == {
        "http_proxy": "http://10.0.0.5:3128",
        "no_proxy": [".internal"],
        "targets": ["service"],
    }
    assert planned(found, expect_proxy={})["steps"][0]["parameters"] == {"state": "absent", "targets": ["service"]}
    assert "diagnose_expect_proxy" in reasons(planned(found))["proxy_service_env"]


@pytest.mark.parametrize(
    "found",
    [
        finding("agent_auto_restart", ("/etc/init.d/waagent: restart", "no"), status="warn"),
        finding("agent_installed", ("/usr/sbin/waagent: mode", "0644")),
        finding("agent_installed", ("azurelinuxagent in the Python directories", "absent")),
        finding("freeze_timeout", ("status: code", 122)),
        finding("vmbackup_conf", ("/etc/azure/vmbackup.conf: MountsToSkip", "/a, /b"), status="warn"),
        finding("wire_not_proxied", ("tcp: via", "1.1 squid"), status="warn"),
        finding("no_proxy_syntax", ("no_proxy", ".internal"), status="warn"),
    ],
    ids=lambda found: found["id"],
)
def test_variants_that_no_parameters_put_right_are_left(found):
    made = planned(found, allow=["auto", "confirm"], expect_proxy=PROXY)
    assert made["steps"] == [] and list(reasons(made)) == [found["id"]]


@pytest.mark.parametrize(
    ("found", "parameters"),
    [
        (
            finding("freeze_timeout", ("/etc/azure/vmbackup.conf: timeout", "5"), status="warn"),
            {"settings": {"timeout": None}},
        ),
        (finding("vmbackup_conf", ("/etc/azure/vmbackup.conf: error", "line 1"), status="warn"), {"normalize": True}),
        (finding("agent_installed", ("waagent in /usr/sbin", "absent")), {"state": "present"}),
    ],
    ids=lambda value: value.get("id", ""),
)
def test_those_that_do(found, parameters):
    assert planned(found, allow=["confirm", "auto"])["steps"][0]["parameters"] == parameters
