# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a host: order, restart, agreement, window. Which fix a finding has is the business of its check."""

import pathlib

import pytest
import yaml
from ansible_collections.vmbackup.azure.plugins.module_utils._change import answer, lock, systemd
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies import guest_dhcp, waagent_service
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._model import LINUX, Fix
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._plan import CONNECTION_SECONDS, plan
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import catalogue, joined
from ansible_collections.vmbackup.azure.plugins.plugin_utils._remedies import REMEDIES

NOON, WINDOW = 1795694400.0, {"start": "11:00", "end": "13:00"}  # 2026-11-26 12:00 UTC
TASKS = pathlib.Path(__file__).resolve().parents[5] / "roles" / "remediate" / "tasks"
FIXES = {
    "agent_auto_restart": Fix("waagent_service", restart_policy="always"),
    "agent_disable_marker": Fix("waagent_service", confirm=True, slow=True, remove_disable_marker=True),
    "agent_service_enabled": Fix("waagent_service", enabled=True),
    "agent_service_running": Fix("waagent_service"),
    "agent_status": Fix("waagent_service", slow=True, state="restarted"),
    "agent_unmasked": Fix("waagent_service", confirm=True, unmask=True, enabled=True),
    "agent_version": Fix("agent_version", state="latest"),
    "extensions_enabled": Fix("waagent_conf", settings={"Extensions.Enabled": True}),
    "handler_state": Fix("snapshot_extension"),
    "proxy_service_env": Fix("environment_proxy", http_proxy="http://10.0.0.5:3128", targets=["service"]),
    "proxy_waagent_conf": Fix("waagent_conf", settings={"HttpProxy.Host": None, "HttpProxy.Port": None}),
    "snapshot_limit_flag": Fix("vmbackup_conf", confirm=True, settings={"isanysnapshotfailed": False}),
    "static_ip": Fix("guest_dhcp"),
    "vmbackup_conf": Fix("vmbackup_conf", normalize=True),
    "wire_not_proxied": Fix("environment_proxy", targets=["logins", "service"]),
}
"""A fix of a check for each kind of case."""


def finding(id_, status="fail", consequence_of=None, fix=None):
    fix = fix or FIXES.get(id_)
    return {
        "id": id_,
        "status": status,
        "why": f"because of {id_}",
        "evidence": [],
        "consequence_of": consequence_of,
        "remedy": fix and fix.remedy,
        "fix": fix and fix.as_dict(),
        "advice": "Free space.",
    }


def diagnosis(*findings, platform="linux"):
    return {"platform": platform, "findings": list(findings)}


def planned(*findings, now=NOON, **options):
    return plan(diagnosis(*findings), catalogue("linux"), now, **options)


def remedies(made):
    return [step["remedy"] for step in made["steps"]]


def reasons(made):
    return {one["check"]: one["reason"] for one in made["left"]}


NO_RESTART = finding("agent_auto_restart", status="warn")
HALF = finding("proxy_waagent_conf", status="warn")


def test_findings_with_one_remedy_are_one_step():
    made = planned(finding("agent_service_enabled"), NO_RESTART)
    (step,) = made["steps"]
    assert step["parameters"] == {"enabled": True, "restart_policy": "always"}
    assert step["checks"] == step["verify"] == ["agent_service_enabled", "agent_auto_restart"]
    assert made["left"] == []


def test_a_running_agent_is_restarted_once_after_the_last_change():
    made = planned(finding("extensions_enabled"), finding("proxy_service_env"))
    assert [(step["remedy"], step["restart"]) for step in made["steps"]] == [
        ("waagent_conf", False),
        ("environment_proxy", True),
    ]


def test_the_service_step_is_the_restart_where_there_is_one():
    made = planned(finding("proxy_service_env"), NO_RESTART)
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


def test_a_former_id_allows_and_skips_as_well():
    assert remedies(planned(finding("agent_unmasked"), allow=["agent_masked"])) == ["waagent_service"]
    assert reasons(planned(finding("agent_unmasked"), allow=["confirm"], skip=["agent_masked"])) == {
        "agent_unmasked": "is skipped"
    }


def test_what_is_not_allowed_says_how_to_allow_it():
    said = reasons(planned(finding("agent_unmasked")))["agent_unmasked"]
    assert said == "not allowed: add 'confirm' (or 'agent_unmasked') to remediate_allow"


def test_a_fix_of_its_own_is_applied_though_another_finding_explains_it():
    own = finding("vmbackup_conf", consequence_of="disk_space", fix=Fix("vmbackup_conf", own=True, normalize=True))
    assert remedies(planned(own, finding("disk_space"))) == ["vmbackup_conf"]


def test_consequences_are_left():
    made = planned(finding("agent_service_running", consequence_of="agent_service_enabled"), finding("disk_space"))
    assert made["steps"] == []
    assert reasons(made) == {
        "agent_service_running": "follows from agent_service_enabled",
        "disk_space": "Free space.",
    }


def test_what_follows_from_something_planned_goes_with_it():
    stopped = finding("agent_service_running", consequence_of="agent_service_enabled")
    silent = finding("agent_status", consequence_of="agent_service_running")
    cause = finding("agent_service_enabled")
    assert planned(stopped, silent, cause)["left"] == []
    assert set(reasons(planned(stopped, silent, cause, allow=[]))) == {stopped["id"], silent["id"], cause["id"]}


def test_healthy_and_unknown_findings_are_nobodys_business():
    made = planned(finding("extensions_enabled", status="ok"), finding("agent_unmasked", status="unknown"))
    assert made == {"steps": [], "left": []}


@pytest.mark.parametrize("window", [False, 0, [], "22:00-04:00", {"start": 22, "end": 4}, {"days": ["sat"]}])
@pytest.mark.parametrize("findings", [[], [finding("extensions_enabled")]])
def test_what_is_not_exactly_a_window_is_refused_even_where_nothing_is_to_be_done(window, findings):
    with pytest.raises(ValueError, match="^Cannot use 'remediate_window': "):
        planned(*findings, window=window)


@pytest.mark.parametrize("window", [None, {}, ""])
def test_without_a_window_everything_is_planned(window):
    assert remedies(planned(finding("extensions_enabled"), window=window)) == ["waagent_conf"]


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
    parts = finding("extensions_enabled"), finding("vmbackup_conf", status="warn")
    alone = {step["remedy"]: step["bound"] for one in (*parts, NO_RESTART) for step in planned(one)["steps"]}
    alone["waagent_conf"] -= restart_seconds()  # here the service's step has the restart
    bounds = {step["remedy"]: step["bound"] for step in planned(*parts, NO_RESTART)["steps"]}
    assert bounds == {**alone, "waagent_conf": sum(alone.values())}


def restart_seconds():
    (step,) = planned(HALF)["steps"]
    return step["restart_seconds"]


@pytest.mark.parametrize("timeout", [15, 60])
def test_the_bound_covers_the_restart_and_each_try_of_the_proof(timeout):
    stopped = planned(HALF, finding("agent_service_running"), skip=["waagent_service"], timeout=timeout)
    (still,), (restarted,) = stopped["steps"], planned(HALF, timeout=timeout)["steps"]
    assert still["bound"] == still["seconds"] + still["tries"] * (timeout + CONNECTION_SECONDS + still["delay"])
    assert restarted["bound"] == still["bound"] + restarted["restart_seconds"]


def test_a_restart_has_the_time_that_the_lock_and_systemd_may_take():
    stays_up, connection = waagent_service.OPTIONS["verify_seconds"]["default"], 10
    assert lock.WAIT_SECONDS + systemd.VERB_SECONDS + stays_up + connection <= restart_seconds()


def test_the_bound_covers_the_confirmation_over_a_new_connection():
    (step,) = planned(finding("static_ip"), allow=["confirm"])["steps"]
    proof = step["tries"] * (15 + CONNECTION_SECONDS + step["delay"])
    _drop, wait, keep = yaml.safe_load((TASKS / "confirm.yml").read_text())
    asked = wait["ansible.builtin.wait_for_connection"]
    beyond = int(asked["timeout"].partition("confirm_within + ")[2].rstrip(" }"))
    waits = asked["delay"] + guest_dhcp.OPTIONS["confirm_within"]["default"] + beyond
    assert step["bound"] >= step["seconds"] + waits + keep["timeout"] + proof


def test_the_role_keeps_to_what_a_step_counts():
    """Ansible's retries are the tries after the first one. A time-out of the task would end them all."""
    *_before, block = yaml.safe_load((TASKS / "step.yml").read_text())
    tasks = {task["name"]: task for task in block["block"]}
    limits = {name: task["timeout"] for name, task in tasks.items() if "timeout" in task}
    assert limits == {
        "Apply the remedy": "{{ remediate_step.seconds }}",
        "Restart the agent": "{{ remediate_step.restart_seconds }}",
    }
    proof = tasks["Verify by probing again"]
    assert (proof["retries"], proof["delay"]) == ("{{ remediate_step.tries - 1 }}", "{{ remediate_step.delay }}")


def test_findings_that_name_each_other_as_cause_are_planned_once():
    """A damaged result must not hold the plan for ever."""
    one = finding("agent_service_running", consequence_of="agent_status", fix=Fix("waagent_service", own=True))
    other = finding("agent_status", consequence_of="agent_service_running")
    assert [step["remedy"] for step in planned(one, other)["steps"]] == ["waagent_service"]
    itself = finding("agent_status", consequence_of="agent_status")
    assert planned(itself)["steps"] == []


def test_what_backups_of_the_machine_do_not_use_is_left():
    unused = {**finding("agent_service_running"), "weakened_by": "consistency", "severity": "info"}
    made = planned(unused)
    assert made["steps"] == []
    assert reasons(made) == {"agent_service_running": "backups of this machine do not use the guest (consistency)"}


def test_what_is_waived_is_fixed_all_the_same():
    assert remedies(planned({**finding("agent_service_running"), "waived": {"until": "2026-12-31"}})) == [
        "waagent_service"
    ]


def test_what_a_later_success_made_a_warning_is_fixed():
    weaker = {**finding("agent_service_running", "warn"), "weakened_by": "last_job", "severity": "critical"}
    assert remedies(planned(weaker)) == ["waagent_service"]


def test_a_finding_in_azure_is_left_with_what_to_do():
    made = plan(diagnosis(finding("points_locks"), finding("agent_service_running")), joined("linux"), NOON)
    assert (remedies(made), reasons(made)) == (["waagent_service"], {"points_locks": "Free space."})


def test_azure_is_changed_first_and_such_steps_say_so():
    machine = finding("power_state", fix=Fix("azure_vm_power", id="/vm", reapply=True))
    found = [machine, finding("extensions_enabled")]
    allow = ["auto", "confirm"]
    made = plan(diagnosis(*found), joined("linux"), NOON, allow=allow)
    assert [(step["remedy"], step["azure"]) for step in made["steps"]] == [
        ("azure_vm_power", True),
        ("waagent_conf", False),
    ]
    assert made["steps"][0]["class"] == "confirm" and not made["steps"][0]["restart"]
    assert remedies(plan(diagnosis(*found), joined("linux"), NOON)) == ["waagent_conf"]
    unseen = plan(diagnosis(machine, platform=None), joined(None), NOON, allow=allow)
    assert remedies(unseen) == ["azure_vm_power"]


@pytest.mark.parametrize("remedy", [remedy for remedy in REMEDIES.values() if remedy.platform == LINUX])
def test_what_waits_in_vain_says_so_before_its_step_is_cut_off(remedy):
    connection = 10
    assert max(lock.WAIT_SECONDS, answer.SILENT_SECONDS) + connection < remedy.seconds
