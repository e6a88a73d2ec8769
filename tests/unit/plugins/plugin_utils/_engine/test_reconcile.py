# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Azure's side makes of findings in the guest, on checks made up for the purpose."""

import json
import pathlib

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _evaluate
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._model import (
    AZURE,
    CRITICAL,
    LINUX,
    Catalogue,
    Check,
    Effect,
    Stage,
    fail,
    ok,
    unknown,
    warn,
)
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import catalogue, diagnose
from ansible_collections.vmbackup.azure.plugins.plugin_utils._report._gate import breaking, outcome
from azure_states import azure_state
from support import guest

REPO = pathlib.Path(__file__).resolve().parents[5]
STATES = sorted([*(REPO / "examples/fleet/states").glob("*.json"), *(REPO / "tests/unit/states").rglob("*.json")])
EARLY, LATE = "2026-03-01T01:00:00Z", "2026-03-01T22:31:00Z"


def check(id_, verdict, subject=LINUX, **more):
    judge = verdict if callable(verdict) else lambda _state: verdict
    more = {"stage": Stage.AGENT, **more}
    return Check(id_, CRITICAL, id=id_, subjects=(subject,), judge=judge, **more)


def azure(id_, verdict, **more):
    return check(id_, verdict, AZURE, **more)


def judged(*checks, **choices):
    rules = Catalogue({one.id: one for one in checks}, {})
    return _evaluate.evaluate(guest(), rules, azure=azure_state(), **choices)


def by_id(result):
    return {finding["id"]: finding for finding in result["findings"]}


def test_a_guest_that_is_not_used_counts_for_nothing():
    policy = azure("policy", ok(effect=Effect.GUEST_NOT_USED))
    result = judged(policy, check("down", fail("down")), check("odd", warn("odd")), check("gap", unknown("no")))
    assert (result["verdict"], result["first_cause"], result["cause"]) == ("ready", None, None)
    found = by_id(result)
    assert {found[id_]["weakened_by"] for id_ in ("down", "odd", "gap")} == {"policy"}
    assert {found[id_]["severity"] for id_ in ("down", "odd", "gap")} == {"info"}
    assert found["down"]["status"] == "fail" and "weakened_by" not in found["policy"]
    assert {outcome(found[id_], "ready", "warning") for id_ in ("down", "odd", "gap")} == {"skipped"}


def test_azures_own_findings_still_count_where_the_guest_does_not():
    policy = azure("policy", ok(effect=Effect.GUEST_NOT_USED))
    result = judged(policy, check("down", fail("down")), azure("lock", fail("locked")))
    assert (result["verdict"], result["first_cause"]) == ("blocked", "lock")


def test_what_fails_in_a_guest_that_is_off_degrades():
    result = judged(azure("power", ok(effect=Effect.OFF)), check("down", fail("down")))
    assert (result["verdict"], result["first_cause"]) == ("degraded", "down")


@pytest.mark.parametrize(
    ("others", "verdict"),
    [
        ([], "degraded"),
        ([check("gap", unknown("no"))], "degraded"),
        ([azure("gap", unknown("no"))], "unknown"),
        ([azure("lock", fail("locked"))], "blocked"),
    ],
)
def test_what_fails_in_a_guest_that_falls_back_degrades(others, verdict):
    result = judged(azure("fallback", ok(effect=Effect.FALLS_BACK)), check("down", fail("down")), *others)
    assert result["verdict"] == verdict
    assert by_id(result)["down"]["status"] == "fail"


def test_a_fallback_alone_changes_nothing():
    result = judged(azure("fallback", ok(effect=Effect.FALLS_BACK)), check("odd", warn("odd")))
    assert (result["verdict"], result["first_cause"]) == ("at_risk", "odd")


@pytest.mark.parametrize(("since", "verdict"), [(EARLY, "at_risk"), (LATE, "blocked"), (None, "blocked")])
def test_only_a_record_from_before_a_success_is_history(since, verdict):
    worked = azure("last_backup", ok(effect=Effect.WORKED, since=LATE))
    result = judged(worked, check("ext", fail("error", since=since)))
    assert result["verdict"] == verdict
    assert by_id(result)["ext"].get("weakened_by") == ("last_backup" if since == EARLY else None)


@pytest.mark.parametrize("time", ["2026-03-01T22:31:00.1234567Z", "2026-03-01T22:31:00Z"])
def test_a_record_of_the_same_second_is_not_from_before(time):
    worked = azure("last_backup", ok(effect=Effect.WORKED, since=time))
    assert judged(worked, check("ext", fail("error", since="2026-03-01T22:31:00Z")))["verdict"] == "blocked"


def test_the_code_of_the_last_job_ranks_what_explains_it():
    job = azure("job", warn("failed", error_code="UserErrorX"), explained_by=("second",))
    first = check("first", fail("one"))
    second = check("second", fail("two"), error_codes=("UserErrorX",))
    found = judged(job, first, second)
    assert (found["first_cause"], found["error_code"]) == ("second", {"code": "UserErrorX", "from": "job"})
    found = judged(job, first, second, error_code="Other")
    assert (found["first_cause"], found["error_code"]) == ("first", {"code": "Other", "from": "operator"})


def test_without_a_code_none_is_named():
    assert judged(check("first", fail("one"))).keys().isdisjoint({"error_code", "effects"})


def test_what_stops_a_point_comes_before_what_degrades_it():
    """The guest's failure is earlier in the chain, and does not stop the point."""
    late = azure("lock", fail("locked"))
    early = check("down", fail("down"), stage=Stage.ADDRESS)
    assert judged(late, early)["first_cause"] == "down"
    fallback = azure("fallback", ok(effect=Effect.FALLS_BACK))
    found = judged(fallback, late, early)
    assert (found["verdict"], found["first_cause"], found["effects"]) == ("blocked", "lock", ("falls_back",))


def test_what_does_not_count_explains_nothing_that_counts():
    policy = azure("policy", ok(effect=Effect.GUEST_NOT_USED))
    result = judged(policy, azure("job", warn("failed"), explained_by=("down",)), check("down", fail("down")))
    assert (result["first_cause"], by_id(result)["job"]["consequence_of"]) == ("job", None)


LOST = {"host": "web1", "platform": None, "verdict": "unreachable", "findings": [], "reason": "timed out"}


@pytest.mark.parametrize(
    ("machine", "verdict", "first", "reason"),
    [
        (ok(), "unreachable", None, "timed out"),
        (warn("odd"), "unreachable", None, "timed out"),
        (fail("locked"), "blocked", "machine", "timed out"),
        (ok(effect=Effect.OFF), "ready", None, None),
        (warn("shut down inside", effect=Effect.OFF), "at_risk", "machine", None),
        (ok(effect=Effect.GUEST_NOT_USED), "ready", None, None),
        (ok(effect=Effect.FALLS_BACK), "unreachable", None, "timed out"),
    ],
)
def test_a_guest_that_was_not_reached(machine, verdict, first, reason):
    alone = _evaluate.evaluate(azure_state(), Catalogue({"machine": azure("machine", machine)}, {}))
    result = _evaluate.without_guest(LOST, alone)
    assert (result["verdict"], result.get("first_cause"), result["reason"]) == (verdict, first, reason)
    assert (result["host"], result["platform"], [one["id"] for one in result["findings"]]) == (
        "web1",
        None,
        ["machine"],
    )


@pytest.mark.parametrize("file", STATES, ids=lambda file: file.stem)
def test_without_a_word_of_azure_nothing_changes(file):
    state = json.loads(file.read_text("utf-8"))
    rules = catalogue(state["platform"])
    silent = Catalogue({**rules.checks, "silent": azure("silent", ok())}, rules.remedies, rules.named, rules.coded)
    joined = _evaluate.evaluate(state, silent, azure=azure_state())
    assert [finding["id"] for finding in joined["findings"] if finding.get("subject") == "azure"] == ["silent"]
    assert json.dumps(of_guest(joined)) == json.dumps(of_guest(diagnose(state)))


def of_guest(judged):
    return {**judged, "findings": [one for one in judged["findings"] if one.get("subject") != "azure"]}


def test_checks_of_the_fleet_see_machines_that_are_no_hosts():
    def together(fleet):
        return warn(", ".join(fleet), hosts=sorted(fleet.machines))

    one = Check("Not all at once", "info", Stage.RESILIENCE, id="together", subjects=("fleet",), judge=together)
    machines = {"web1": azure_state(), "other": azure_state()}
    (found,) = _evaluate.evaluate_fleet({"web1": guest()}, Catalogue({"together": one}, {}), machines=machines)
    assert (found["why"], found["hosts"]) == ("web1", ["other", "web1"])


def test_a_cause_in_the_guest_explains_what_azure_says():
    silent = azure("agent_ready", fail("not ready"), explained_by=("down",))
    result = judged(silent, check("down", fail("down")))
    assert (result["first_cause"], by_id(result)["agent_ready"]["consequence_of"]) == ("down", "down")


def test_the_code_of_a_job_names_its_cause():
    job = azure("job", warn("failed", error_code="UserErrorX"))
    lock = azure("lock", fail("locked"), error_codes=("UserErrorX",))
    found = by_id(judged(job, check("down", fail("down")), lock))
    assert found["job"]["consequence_of"] == "lock"
    other = azure("job", warn("failed", error_code="UserErrorY"))
    assert by_id(judged(other, lock))["job"]["consequence_of"] is None


def test_what_only_the_agents_path_needs_counts_as_the_guest():
    silent = azure("agent_ready", fail("not ready"), through_agent=True)
    unused = azure("policy", ok(effect=Effect.GUEST_NOT_USED))
    result = judged(unused, silent)
    assert (result["verdict"], by_id(result)["agent_ready"]["weakened_by"]) == ("ready", "policy")
    assert judged(azure("fallback", ok(effect=Effect.FALLS_BACK)), silent)["verdict"] == "degraded"


def test_a_check_of_azure_sees_the_guest():
    seen = azure("both", lambda state: warn(f"{state.vm.name} is {state.guest.platform}"))
    assert by_id(judged(seen))["both"]["why"] == "web1 is linux"


@pytest.mark.parametrize(("gate", "breaks"), [("never", []), ("critical", []), ("warning", ["a"])])
def test_a_degraded_host_breaks_the_gate_of_warnings(gate, breaks):
    host = {"host": "a", "verdict": "degraded"}
    assert breaking({"hosts": [host]}, gate) == breaks
    finding = {"status": "fail", "severity": "critical"}
    assert (outcome(finding, "degraded", gate) == "failure") == bool(breaks)
