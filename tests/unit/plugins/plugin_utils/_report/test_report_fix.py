# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of a fix in a browser: what was done to a host, and hosts by what became of them."""

import copy
import json

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._report import _html
from browser import CHROMIUM, Browser

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")

EVIL = "</script><script>alert(1)</script>\u202e"
IDLE = {"before": "ready", "after": None, "planned": [], "done": [], "new": [], "left": [], "failed": ""}
FIXES = {
    "web1": {
        **{**IDLE, "before": "blocked", "failed": EVIL, "outcomes": ["failed", "something left"]},
        "planned": ["waagent_conf"],
        "left": [{"check": "disk_space", "reason": "outside the window", "why": "No space is left"}],
    },
    "web3": {
        **{**IDLE, "before": "blocked", "after": "ready", "planned": ["waagent_conf"], "outcomes": ["changed"]},
        "done": ["waagent_conf"],
        "new": [{"check": "agent_installed", "why": "The agent is gone"}],
        "backup": "Completed",
    },
    "web4": {**IDLE, "outcomes": ["nothing to do"]},
    "db1": {
        **{**IDLE, "checked": True, "planned": ["waagent_conf"], "done": ["waagent_conf"]},
        "outcomes": ["would be changed"],
    },
}


@pytest.fixture(scope="module")
def page(tmp_path_factory, both_sides):
    made = copy.deepcopy(both_sides)
    for host in made["hosts"]:
        if host["host"] in FIXES:
            host["fix"] = FIXES[host["host"]]
    folder = tmp_path_factory.mktemp("page")
    (folder / "fix.html").write_text(_html.render({**made, "fix": ["Fix: 1 of 6 hosts changed", EVIL]}), "utf-8")
    browser = Browser(folder / "profile")
    browser.open((folder / "fix.html").as_uri())
    yield browser
    assert browser.problems == []
    browser.close()


def opened(page, fragment):
    page.run(f"location.hash = {json.dumps(fragment)}")
    page.wait_for(f"decodeURIComponent(location.hash) === {json.dumps('#' + fragment)}")
    return texts(page, ".host-name")


def texts(page, selector):
    return page.run(f"[...document.querySelectorAll({json.dumps(selector)})].map((node) => node.textContent)")


@pytest.mark.parametrize(
    ("fragment", "names"),
    [
        ("fix=failed", ["web1"]),
        ("fix=changed", ["web3"]),
        ("fix=nothing to do", ["web4"]),
        ("fix=(none)", ["web5", "web2"]),
        ("host=window", ["web1"]),
    ],
)
def test_hosts_by_what_became_of_them(page, fragment, names):
    assert opened(page, fragment) == names


def test_a_host_says_what_it_was_and_what_was_done(page):
    opened(page, "fix=changed")
    assert texts(page, ".host .fixed") == ["Blocked \u2192 Ready \u00b7 done: waagent_conf \u00b7 new: agent_installed"]
    assert texts(page, ".host .inside > .facts:first-child tr") == [
        "Before the fixBlocked",
        "After the fixReady",
        "Plannedwaagent_conf",
        "Donewaagent_conf",
        "BackupCompleted",
        "New since the fixagent_installed: The agent is gone",
    ]


def test_check_mode_has_changed_nothing(page):
    opened(page, "fix=would be changed")
    assert texts(page, ".host .fixed") == ["before: Ready \u00b7 would be done: waagent_conf"]
    assert "Would be donewaagent_conf" in texts(page, ".host .inside > .facts:first-child tr")


def test_a_host_without_a_plan_says_so(page):
    opened(page, "fix=nothing to do")
    assert texts(page, ".host .fixed") == ["before: Ready \u00b7 nothing to do"]


def test_a_host_says_what_is_left_and_why_it_failed(page):
    opened(page, "fix=failed")
    assert texts(page, ".host .fixed") == [
        "before: Blocked \u00b7 planned: waagent_conf \u00b7 left: disk_space \u00b7 failed"
    ]
    assert texts(page, ".host .inside > .facts:first-child tr")[1:] == [
        "After the fixnot diagnosed again",
        "Plannedwaagent_conf",
        "Leftdisk_space: outside the window",
        "Failed</script><script>alert(1)</script>\\u202e",
    ]
    assert page.run("document.scripts.length") == 2


def test_the_totals_are_at_the_top(page):
    assert texts(page, "#fix-notes li") == ["Fix: 1 of 6 hosts changed", "</script><script>alert(1)</script>\\u202e"]
