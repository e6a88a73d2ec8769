# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ranking, consequences and verdicts, on checks made up for the purpose."""

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _evaluate, _gaps
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._model import (
    CRITICAL,
    WARNING,
    Catalogue,
    Check,
    Evidence,
    Fix,
    Named,
    Source,
    Stage,
    by_hand,
    fail,
    ok,
    unknown,
    warn,
)
from support import guest


def check(id_, judge, severity=CRITICAL, stage=Stage.AGENT, **more):
    return Check(id_, severity, stage, id=id_, judge=judge, **more)


def rules(*checks):
    return Catalogue({one.id: one for one in checks}, {})


def judged(*checks, raw=None, **choices):
    return _evaluate.evaluate(raw or guest(), rules(*checks), **choices)


def status(result, id_):
    return next(finding for finding in result["findings"] if finding["id"] == id_)


def test_first_cause_is_the_failure_that_no_other_explains():
    result = judged(
        check("running", lambda s: fail("down"), explained_by=("space",)),
        check("space", lambda s: fail("full"), stage=Stage.LOAD, severity=WARNING),
    )
    assert (result["verdict"], result["first_cause"]) == ("blocked", "space")
    assert status(result, "running")["consequence_of"] == "space"
    assert result["cause"] == {"id": "space", "key": "full", "text": "full"}


def test_a_cause_names_its_consequence_itself():
    result = judged(
        check("running", lambda s: fail("down")),
        check("space", lambda s: fail("full"), stage=Stage.LOAD, explains=("running",)),
    )
    assert result["first_cause"] == "space"
    assert status(result, "running")["consequence_of"] == "space"


def test_causes_are_followed_through_the_graph_and_the_nearest_is_named():
    chain = (
        check("status", lambda s: fail("none"), explained_by=("handler",)),
        check("handler", lambda s: ok(), explained_by=("agent",)),
        check("agent", lambda s: fail("down"), explained_by=("space",)),
    )
    space = check("space", lambda s: fail("full"), stage=Stage.LOAD)
    result = judged(*chain, space)
    assert status(result, "status")["consequence_of"] == "agent"
    assert (status(result, "agent")["consequence_of"], result["first_cause"]) == ("space", "space")
    assert status(judged(*chain, space, skip=["agent"]), "status")["consequence_of"] == "space"


def test_a_warning_never_explains_a_failure():
    result = judged(
        check("running", lambda s: fail("down"), explained_by=("restart",)),
        check("restart", lambda s: warn("no restart"), stage=Stage.ADDRESS),
    )
    assert result["first_cause"] == "running"
    assert status(result, "running")["consequence_of"] is None


def test_a_failure_explains_a_warning_better_than_a_warning_does():
    result = judged(
        check("running", lambda s: warn("shaky"), explained_by=("restart", "space")),
        check("restart", lambda s: warn("no restart")),
        check("space", lambda s: fail("full")),
    )
    assert status(result, "running")["consequence_of"] == "space"


@pytest.mark.parametrize(("between", "cause"), [(lambda s: ok(), None), (lambda s: warn("hm"), "middle")])
def test_a_warning_explains_nothing_through_a_healthy_check(between, cause):
    result = judged(
        check("late", lambda s: warn("old"), explained_by=("middle",)),
        check("middle", between, explained_by=("early",)),
        check("early", lambda s: warn("syntax"), stage=Stage.ADDRESS),
    )
    assert status(result, "late")["consequence_of"] == cause


def test_of_two_causes_the_earlier_link_of_the_chain_comes_first():
    result = judged(
        check("z_route", lambda s: fail("no route"), stage=Stage.ADDRESS, severity=WARNING),
        check("a_agent", lambda s: fail("down"), stage=Stage.AGENT),
    )
    assert result["first_cause"] == "z_route"


def test_an_error_code_ranks_what_explains_it_and_the_cause_of_that():
    checks = (
        check("route", lambda s: fail("no route"), stage=Stage.ADDRESS),
        check("freeze", lambda s: fail("refused"), stage=Stage.FREEZE, explained_by=("mounts",), error_codes=("Code",)),
        check("mounts", lambda s: fail("twice"), stage=Stage.FREEZE),
    )
    assert judged(*checks)["first_cause"] == "route"
    ranked = [finding["id"] for finding in judged(*checks, error_code="Code")["findings"]]
    assert ranked == ["mounts", "freeze", "route"]


@pytest.mark.parametrize(
    ("severity", "mode", "reason", "verdict"),
    [
        (CRITICAL, "live", _gaps.ROOT, "unknown"),
        (WARNING, "live", _gaps.ROOT, "ready"),
        (CRITICAL, "tree", _gaps.LIVE, "ready"),
        (CRITICAL, "live", _gaps.LIVE, "unknown"),
        (CRITICAL, "live", _gaps.NOT_ASKED, "ready"),
        (CRITICAL, "live", _gaps.forbidden("Microsoft.Authorization/locks/read"), "unknown"),
        (CRITICAL, "tree", "Cannot read '/etc/x': no", "unknown"),
        # The words of a gap are no gap: nothing is decided by a sentence.
        (CRITICAL, "tree", "whatever it is, it needs a running system", "unknown"),
    ],
)
def test_a_missing_fact_is_unknown_and_only_a_critical_one_decides(severity, mode, reason, verdict):
    agent = check("agent", lambda s: ok(s.fact("agent")), severity=severity, needs=("agent",))
    result = judged(agent, raw=guest(mode=mode, missing={"agent": reason}))
    assert result["verdict"] == verdict
    found = status(result, "agent")
    assert (found["status"], found["gap"]) == ("unknown", _gaps.code(reason))
    assert _gaps.text(reason) in found["why"]


def test_warnings_make_a_host_at_risk_and_unknown_outranks_them():
    shaky = check("a", lambda s: warn("hm"))
    assert judged(shaky)["verdict"] == "at_risk"
    assert judged(shaky, check("b", lambda s: ok(), needs=("nothing.here",)))["verdict"] == "unknown"


def test_a_state_of_an_unexpected_form_spoils_one_check_only():
    checks = check("a", lambda s: ok(s.agent.unit.fact("name"))), check("b", lambda s: fail("no"))
    result = judged(*checks, raw=guest(agent={"unit": None}))
    assert status(result, "a")["status"] == "unknown"
    assert result["verdict"] == "blocked"


@pytest.mark.parametrize("surprise", [OverflowError, RecursionError, ZeroDivisionError, MemoryError, UnicodeError])
def test_whatever_a_check_meets_spoils_it_alone(surprise):
    def judge(_state):
        raise surprise

    result = judged(check("a", judge), check("b", lambda s: fail("no")))
    assert status(result, "a")["status"] == "unknown" and result["verdict"] == "blocked"


def test_what_a_finding_shows_is_cut_and_does_not_act():
    lines = [f"line\x9b {number}" for number in range(300)]
    result = judged(check("a", lambda s: fail("\u202e" + "x " * 9000, Evidence("file", lines))))
    found = status(result, "a")
    assert found["why"].startswith("\\u202ex ") and len(found["why"]) <= 4096
    assert len(found["evidence"][0]["value"]) == 201 and found["evidence"][0]["value"][-1] == "... and 100 more"
    assert found["evidence"][0]["value"][0] == "line\\x9b 0"
    assert len(result["cause"]["text"]) <= 4096


def test_of_very_much_evidence_the_first_entries_are_shown():
    entries = [Evidence(f"file {number}", number) for number in range(300)]
    shown = status(judged(check("a", lambda s: fail("no", *entries))), "a")["evidence"]
    assert shown == [{"source": f"file {number}", "value": number} for number in range(200)]


def test_only_and_skip_take_ids_and_former_ids():
    checks = check("a", lambda s: fail("a")), check("b", lambda s: fail("b"), aliases=("old_b",))
    for name in ("b", "old_b"):
        assert [f["id"] for f in judged(*checks, only=[name])["findings"]] == ["b"]
        assert [f["id"] for f in judged(*checks, skip=[name])["findings"]] == ["a"]


def test_a_finding_carries_its_fix_its_advice_and_its_sources():
    page = Source("A page", "https://example.org/page")
    checks = (
        check("fixed", lambda s: fail("x", fix=Fix("remedy", confirm=True, key="v")), advice="Do it.", sources=(page,)),
        check("by_hand", lambda s: warn("x", fix=by_hand("Do that.")), advice="Do it."),
        check("healthy", lambda s: ok(), advice="Do it.", sources=(page,)),
    )
    result = judged(*checks)
    fixed, manual, healthy = (status(result, id_) for id_ in ("fixed", "by_hand", "healthy"))
    assert (fixed["remedy"], fixed["advice"]) == ("remedy", "Do it.")
    assert fixed["fix"] == {"parameters": {"key": "v"}, "confirm": True, "slow": False, "own": False}
    assert fixed["sources"] == [{"title": "A page", "url": "https://example.org/page"}]
    assert (manual["remedy"], manual["fix"], manual["advice"]) == (None, None, "Do that.")
    assert (healthy["remedy"], healthy["advice"], healthy["sources"]) == (None, None, [])


def test_a_virtual_machine_of_azure_is_a_subject_like_a_guest():
    running = check("power", lambda s: ok() if s.power.state == "running" else fail("off", s.power.fact("state")))
    raw = {"schema": 1, "platform": "azure", "missing": {}, "power": {"state": "stopped", "read_from": "instance view"}}
    result = judged(running, raw=raw)
    assert (result["platform"], result["verdict"], result["first_cause"]) == ("azure", "blocked", "power")
    assert status(result, "power")["evidence"] == [{"source": "instance view: state", "value": "stopped"}]


def test_a_check_of_the_fleet_judges_all_states_together():
    def crowded(fleet):
        hosts = [name for name, state in fleet.items() if state.policy.start == "02:00"]
        return warn("Many start together", hosts=hosts) if len(hosts) > 1 else ok()

    states = {name: guest(policy={"start": start}) for name, start in (("a", "02:00"), ("b", "02:00"), ("c", "04:00"))}
    catalogue = rules(check("starts", crowded), check("quiet", lambda fleet: ok()))
    (found,) = _evaluate.evaluate_fleet(states, catalogue)
    assert (found["id"], found["status"], found["hosts"]) == ("starts", "warn", ["a", "b"])
    states["b"] = guest()
    (found,) = _evaluate.evaluate_fleet(states, catalogue)
    assert (found["id"], found["status"], found["gap"]) == ("starts", "unknown", _gaps.ABSENT)


def naming(*named, coded=lambda code: ()):
    checks = (
        check("run", lambda s: fail("failed"), stage=Stage.STATUS),
        check("memory", lambda s: warn("97 % used"), stage=Stage.LOAD, severity=WARNING),
        check("space", lambda s: ok(), stage=Stage.LOAD, severity=WARNING),
    )
    catalogue = Catalogue({one.id: one for one in checks}, {}, lambda state: named, coded)
    return _evaluate.evaluate(guest(), catalogue)


SAID = Evidence("status", "out of memory")


def test_a_warning_that_the_message_names_explains_the_failure_and_comes_first():
    result = naming(Named("run", "memory", SAID))
    assert (result["verdict"], result["first_cause"]) == ("blocked", "memory")
    assert status(result, "run")["consequence_of"] == "memory"
    assert SAID.as_dict() in status(result, "memory")["evidence"]


def test_a_named_cause_that_is_in_order_by_now_was_not_at_the_time_of_the_message():
    result = naming(Named("run", "space", SAID))
    assert result["first_cause"] == "space"
    found = status(result, "space")
    assert found["status"] == "warn" and "in order now" in found["why"] and found["evidence"] == [SAID.as_dict()]


def test_what_explains_the_named_warning_comes_before_both():
    checks = (
        check("run", lambda s: fail("failed"), stage=Stage.STATUS),
        check("proxy", lambda s: warn("slow"), stage=Stage.LOAD, severity=WARNING, explained_by=("exemption",)),
        check("exemption", lambda s: warn("lacks"), stage=Stage.FREEZE, severity=WARNING),
    )
    named = Catalogue({one.id: one for one in checks}, {}, lambda state: [Named("run", "proxy", SAID)])
    assert _evaluate.evaluate(guest(), named)["first_cause"] == "exemption"


def test_what_only_a_code_names_explains_no_other_cause():
    checks = (
        check("run", lambda s: fail("failed"), stage=Stage.STATUS),
        check("com", lambda s: ok(), stage=Stage.LOAD, severity=WARNING),
        check("coordinator", lambda s: ok(), stage=Stage.FREEZE, severity=WARNING, explained_by=("com",)),
    )

    def first(**of_com):
        named = [Named("run", "coordinator", SAID), Named("run", "com", SAID, **of_com)]
        catalogue = Catalogue({one.id: one for one in checks}, {}, lambda state: named)
        return _evaluate.evaluate(guest(), catalogue)["first_cause"]

    assert (first(by_code=True), first()) == ("coordinator", "com")


def test_a_message_of_a_check_that_passes_names_nothing():
    result = naming(Named("space", "memory", SAID), Named("run", "nothing_of_that_name", SAID))
    assert result["first_cause"] == "run" and status(result, "run")["consequence_of"] is None


def test_messages_that_cannot_be_read_take_nothing_down():
    def broken(state):
        raise TypeError("x")

    run = check("run", lambda s: fail("failed"))
    assert _evaluate.evaluate(guest(), Catalogue({"run": run}, {}, broken))["first_cause"] == "run"


def test_an_error_code_ranks_what_the_known_messages_name():
    run = check("run", lambda s: fail("a"), stage=Stage.ADDRESS)
    other = check("other", lambda s: fail("b"), stage=Stage.LOAD)
    catalogue = Catalogue({"run": run, "other": other}, {}, coded=lambda code: ["other"] if code == "X" else [])
    assert _evaluate.evaluate(guest(), catalogue)["first_cause"] == "run"
    assert _evaluate.evaluate(guest(), catalogue, error_code="X")["first_cause"] == "other"


@pytest.mark.parametrize(
    ("mode", "severity", "between", "stage", "first"),
    [
        ("tree", CRITICAL, None, Stage.AGENT, "filter"),
        ("tree", CRITICAL, None, Stage.STATUS, "run"),
        ("tree", WARNING, None, Stage.AGENT, "run"),
        ("tree", CRITICAL, ok, Stage.AGENT, "run"),
        ("live", CRITICAL, None, Stage.AGENT, "run"),
    ],
)
def test_on_a_disk_a_critical_warning_explains_a_failure(mode, severity, between, stage, first):
    """A disk does not show whether a setting was in force."""
    checks = (
        check("run", lambda s: fail("failed"), stage=stage, explained_by=("server",)),
        check("server", lambda s: between() if between else unknown("not known"), explained_by=("filter",)),
        check("filter", lambda s: warn("a saved rule"), severity, Stage.STATUS),
    )
    result = judged(*checks, raw={**guest(), "mode": mode})
    assert result["first_cause"] == first
    assert status(result, "run")["consequence_of"] == (None if first == "run" else "filter")
