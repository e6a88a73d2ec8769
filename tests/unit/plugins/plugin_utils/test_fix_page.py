# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of a fix: every host with its verdict of now, also where nothing was planned or nobody answered."""

import json
import os
import re

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _fix_page
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import diagnose
from ansible_collections.vmbackup.azure.plugins.plugin_utils._run import Run
from support import guest

IDLE = {"after": None, "planned": [], "done": [], "new": [], "left": [], "failed": ""}
FIXED = {"after": "ready", "planned": ["waagent_conf"], "done": ["waagent_conf"]}
CHOICES = {"only": ["extensions_enabled"], "skip": []}


def state(enabled):
    setting = {"value": enabled, "text": str(enabled), "line": 1}
    return guest(conf={"path": "/etc/waagent.conf", "settings": {"Extensions.Enabled": setting}})


def diagnosis(folder, **hosts):
    """A run; a host that is None is not reached."""
    run = Run(str(folder))
    run.start(hosts, os.getpid(), {"inventory": ["hosts.yml"]})
    for host, enabled in hosts.items():
        if enabled is None:
            lost = {"platform": None, "verdict": "unreachable", "reason": "timed out", "findings": []}
            run.record({"host": host, **lost})
        else:
            run.record({"host": host, **diagnose(state(enabled), **CHOICES), "reason": None}, state(enabled))
    run.finish()
    run.close()


def result(host, before, **changes):
    return {"host": host, "before": before, **IDLE, **changes}


@pytest.fixture
def page(tmp_path):
    """What is in the page of these results."""

    def read(*results):
        text = _fix_page.render(tmp_path, results, ["Fix: 1 of 3 hosts changed"], False)
        assert "<code>fix.json</code> beside this file" in text
        data = json.loads(re.search(r'id="data">(.*?)</script>', text)[1])
        return data, {host[0]: host for host in data["hosts"]}

    return read


def test_every_host_is_in_it_as_it_is_now(tmp_path, page):
    diagnosis(tmp_path / "before", fixed=False, idle=True, gone=None, other=False)
    diagnosis(tmp_path / "after", fixed=True, other=True)
    data, hosts = page(
        result("fixed", "blocked", **FIXED),
        result("idle", "partial"),
        result("gone", "unreachable", failed="timed out"),
        # Its second diagnosis was lost: what was found before it holds.
        result("other", "blocked", planned=["waagent_conf"], failed="lost"),
    )
    assert {name: host[2] for name, host in hosts.items()} == {
        "fixed": "partial",
        "idle": "partial",
        "gone": "unreachable",
        "other": "blocked",
    }
    assert hosts["fixed"][9] == {**result("fixed", "blocked", **FIXED), "outcomes": ["changed"], "checked": False}
    assert hosts["gone"][9]["outcomes"] == ["failed"] and hosts["gone"][3] == "timed out"
    assert [group[7] for group in data["groups"] if group[1] == "extensions_enabled"] == [
        [number for number, host in enumerate(data["hosts"]) if host[0] == "other"]
    ]
    assert data["fix"] == ["Fix: 1 of 3 hosts changed"] and data["inventory"] == ["hosts.yml"]


def test_what_passed_is_in_it(tmp_path, page):
    diagnosis(tmp_path / "before", idle=True)
    data, hosts = page(result("idle", "partial"))
    told = {data["checks"][finding[0]][0]: finding[1] for finding in (data["findings"][n] for n in hosts["idle"][5])}
    assert told["extensions_enabled"] == "ok"


def test_an_after_of_an_earlier_run_is_not_taken(tmp_path, page):
    diagnosis(tmp_path / "before", web=False)
    diagnosis(tmp_path / "after", web=True)
    _data, hosts = page(result("web", "blocked", planned=["waagent_conf"]))
    assert hosts["web"][2] == "blocked"


def test_a_host_without_a_result_is_in_it(tmp_path, page):
    diagnosis(tmp_path / "before", web=False)
    _data, hosts = page()
    assert hosts["web"][2] == "blocked" and len(hosts["web"]) == 6


def test_without_reports_there_is_no_page(tmp_path):
    assert _fix_page.render(tmp_path, [result("web", "blocked")], [], False) is None
