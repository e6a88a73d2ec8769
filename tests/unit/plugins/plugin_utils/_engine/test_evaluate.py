# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ranking, consequences and verdicts, on checks made up for the purpose."""

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _evaluate
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._model import (
    CRITICAL,
    LINUX,
    WARNING,
    Check,
    Stage,
    fail,
    ok,
    warn,
)
from support import guest


def check(id_, judge, severity=CRITICAL, stage=Stage.AGENT, **more):
    return Check(id_, id_, (LINUX,), severity, stage, "a test", judge=judge, **more)


@pytest.fixture
def rules(monkeypatch):
    def use(*checks):
        monkeypatch.setattr(_evaluate, "checks", lambda: {one.id: one for one in checks})

    return use


def status(result, id_):
    return next(finding for finding in result["findings"] if finding["id"] == id_)


def test_first_cause_is_the_failure_that_no_other_explains(rules):
    rules(
        check("running", lambda s: fail("down"), explained_by=("space",)),
        check("space", lambda s: fail("full"), stage=Stage.LOAD, severity=WARNING),
    )
    result = _evaluate.evaluate(guest())
    assert (result["verdict"], result["first_cause"]) == ("blocked", "space")
    assert status(result, "running")["consequence_of"] == "space"
    assert result["cause"] == {"id": "space", "key": "full", "text": "full"}


def test_a_warning_never_explains_a_failure(rules):
    rules(
        check("running", lambda s: fail("down"), explained_by=("restart",)),
        check("restart", lambda s: warn("no restart"), stage=Stage.ADDRESS),
    )
    result = _evaluate.evaluate(guest())
    assert result["first_cause"] == "running"
    assert status(result, "running")["consequence_of"] is None


def test_a_failure_explains_a_warning_better_than_a_warning_does(rules):
    rules(
        check("running", lambda s: warn("shaky"), explained_by=("restart", "space")),
        check("restart", lambda s: warn("no restart")),
        check("space", lambda s: fail("full")),
    )
    assert status(_evaluate.evaluate(guest()), "running")["consequence_of"] == "space"


def test_of_two_causes_the_earlier_link_of_the_chain_comes_first(rules):
    rules(
        check("z_route", lambda s: fail("no route"), stage=Stage.ADDRESS, severity=WARNING),
        check("a_agent", lambda s: fail("down"), stage=Stage.AGENT),
    )
    assert _evaluate.evaluate(guest())["first_cause"] == "z_route"


def test_an_error_code_ranks_what_explains_it_and_the_cause_of_that(rules):
    rules(
        check("route", lambda s: fail("no route"), stage=Stage.ADDRESS),
        check("freeze", lambda s: fail("refused"), stage=Stage.FREEZE, explained_by=("mounts",)),
        check("mounts", lambda s: fail("twice"), stage=Stage.FREEZE),
    )
    assert _evaluate.evaluate(guest())["first_cause"] == "route"
    ranked = [finding["id"] for finding in _evaluate.evaluate(guest(), explains=["freeze"])["findings"]]
    assert ranked == ["mounts", "freeze", "route"]


@pytest.mark.parametrize(
    ("severity", "mode", "reason", "verdict"),
    [
        (CRITICAL, "live", "needs root", "unknown"),
        (WARNING, "live", "needs root", "ready"),
        (CRITICAL, "tree", "needs a running system", "ready"),
        (CRITICAL, "tree", "Cannot read '/etc/x': no", "unknown"),
    ],
)
def test_a_missing_fact_is_unknown_and_only_a_critical_one_decides(rules, severity, mode, reason, verdict):
    rules(check("agent", lambda s: ok(s.fact("agent")), severity=severity, needs=("agent",)))
    result = _evaluate.evaluate(guest(mode=mode, missing={"agent": reason}))
    assert result["verdict"] == verdict
    assert status(result, "agent")["status"] == "unknown"
    assert reason in status(result, "agent")["why"]


def test_warnings_make_a_host_at_risk_and_unknown_outranks_them(rules):
    rules(check("a", lambda s: warn("hm")))
    assert _evaluate.evaluate(guest())["verdict"] == "at_risk"
    rules(check("a", lambda s: warn("hm")), check("b", lambda s: ok(), needs=("nothing.here",)))
    assert _evaluate.evaluate(guest())["verdict"] == "unknown"


def test_a_state_of_an_unexpected_form_spoils_one_check_only(rules):
    rules(check("a", lambda s: ok(s.agent.unit.fact("name"))), check("b", lambda s: fail("no")))
    result = _evaluate.evaluate(guest(agent={"unit": None}))
    assert status(result, "a")["status"] == "unknown"
    assert result["verdict"] == "blocked"


def test_only_and_skip(rules):
    rules(check("a", lambda s: fail("a")), check("b", lambda s: fail("b")))
    assert [f["id"] for f in _evaluate.evaluate(guest(), only=["b"])["findings"]] == ["b"]
    assert [f["id"] for f in _evaluate.evaluate(guest(), skip=["b"])["findings"]] == ["a"]


def test_checks_of_another_platform_are_left_out(rules):
    rules(check("a", lambda s: fail("a")))
    assert _evaluate.evaluate(guest("windows"))["findings"] == []
