# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was left out by choice is said, and no host is ready without a critical check."""

import pytest
from agent_states import healthy
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._fleet import report
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import catalogue, diagnose
from ansible_collections.vmbackup.azure.plugins.plugin_utils._report import _groups, _junit, _terminal
from ansible_collections.vmbackup.azure.plugins.plugin_utils._report._gate import breaking
from support import guest

CONF = {"path": "/etc/waagent.conf", "settings": {"Extensions.Enabled": {"value": True, "text": "y", "line": 12}}}
CHECKS = catalogue("linux").checks
CRITICAL = {id_ for id_, check in CHECKS.items() if check.severity == "critical"}


def of(name, raw, **choices):
    return {"host": name, "reason": None, **diagnose(raw, **choices)}


def test_one_check_says_nothing_of_the_others():
    found = of("web1", guest(conf=CONF), only={"extensions_enabled"})
    assert found["verdict"] == "partial" and found["first_cause"] is None
    assert found["left_out"]["checks"] == len(CHECKS) - 1
    assert set(found["left_out"]["critical"]) == CRITICAL - {"extensions_enabled"}


def test_a_warning_that_is_left_out_leaves_a_host_ready():
    whole = of("web1", healthy())
    assert "left_out" not in whole
    found = of("web1", healthy(), skip={"cpu_load"})
    assert found["verdict"] == whole["verdict"] and found["left_out"] == {"checks": 1, "critical": []}
    assert of("web1", healthy(), skip={"agent_installed"})["left_out"]["critical"] == ["agent_installed"]


@pytest.mark.parametrize("gate", ["warning", "critical"])
def test_a_gate_judges_what_was_checked(gate):
    made = report([of("web1", guest(conf=CONF), only={"extensions_enabled"})], "2026-03-02T06:00:00Z", "1.0.0")
    assert breaking(made, gate) == []


def test_it_stands_beside_the_headline():
    results = [of("web1", guest(conf=CONF), only={"extensions_enabled"}), of("web2", healthy())]
    made = report(results, "2026-03-02T06:00:00Z", "1.0.0")
    (sentence,) = _groups.scope(made)
    assert sentence == f"{len(CHECKS) - 1} checks left out by choice, {len(CRITICAL) - 1} of them critical."
    assert sentence in _terminal.render(made, 120).splitlines()[:6]
    assert f'<property name="scope" value="{sentence}"/>' in _junit.render(made)
    assert "ready for" not in _groups.headline(made["summary"])


def test_missing_rights_and_file_trees_are_said():
    unprivileged = of("web1", guest(missing={"conf": "root"}))
    saved = of("web2", guest(mode="root", missing={"load": "live"}))
    made = report([unprivileged, saved], "2026-03-02T06:00:00Z", "1.0.0")
    assert _groups.scope(made) == [
        "1 host judged without root or administrator rights: facts are missing.",
        "1 host judged from a file tree: facts are missing.",
    ]
