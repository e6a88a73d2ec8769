# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page in a real browser: what it shows, what its controls do, and that it asks nothing of the network."""

import base64
import json

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._report._html import render
from browser import CHROMIUM, Browser
from report_fleet import fleet

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    browser = Browser(tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory, request):
    """Address of the page of a report fixture or of a fleet of that size, written once."""
    directory = tmp_path_factory.mktemp("pages")

    def write(which):
        path = directory / f"{which}.html"
        if not path.exists():
            report = fleet(which) if isinstance(which, int) else request.getfixturevalue(which)
            path.write_text(render(report), encoding="utf-8")
        return path.as_uri()

    return write


def _count(browser):
    return browser.run("document.getElementById('count').textContent")


def _names(browser):
    return browser.run("[...document.querySelectorAll('.host-name')].map((node) => node.textContent)")


def _having(report, **finding):
    """Names of the hosts with a finding like that."""
    return [
        host["host"]
        for host in report["hosts"]
        if any(all(one[key] == value for key, value in finding.items()) for one in host["findings"])
    ]


@pytest.mark.parametrize("which", ["some_hosts", "empty", "one_host", "hostile"])
def test_no_request_leaves_the_file_and_nothing_breaks(browser, address, which):
    browser.open(address(which))
    browser.run("document.querySelectorAll('summary').forEach((node) => node.click())")
    assert browser.requests == [address(which)]
    assert browser.problems == []
    assert browser.run("!document.getElementById('app').hidden")


def test_hostile_text_is_shown_and_does_nothing(browser, address):
    browser.open(address("hostile"))
    browser.run("document.querySelectorAll('summary').forEach((node) => node.click())")
    assert browser.run("document.scripts.length") == 2
    text = browser.run("document.getElementById('list').textContent")
    assert "</script><script>alert(1)</script><!--\\x00\\x1b[31m" in text
    assert "\\u202e" in text and "\u202e" not in text and "{{ script }}" in text


def test_numbers_are_those_of_the_report(browser, address, some_hosts):
    browser.open(address("some_hosts"))
    tiles = browser.run(
        "[...document.querySelectorAll('.tile')].map((node) => [node.dataset.verdict, +node.firstChild.textContent])"
    )
    assert dict(tiles) == {key: value for key, value in some_hosts["summary"].items() if key != "hosts"}
    sizes = browser.run("[...document.querySelectorAll('.cause .size strong')].map((node) => +node.textContent)")
    assert sum(sizes) == some_hosts["summary"]["hosts"] - some_hosts["summary"]["ready"]
    chart = browser.run(
        "[...document.querySelectorAll('#chart tr')].map((row) => [row.querySelector('code').textContent,"
        " ...[...row.querySelectorAll('.number')].map((cell) => +cell.textContent)])"
    )
    for id_, *counts in chart:
        assert counts == [len(_having(some_hosts, id=id_, status=status)) for status in ("fail", "warn", "unknown")]
    bad = {one["id"] for host in some_hosts["hosts"] for one in host["findings"] if one["status"] != "ok"}
    assert {row[0] for row in chart} == bad


def test_a_verdict_says_on_how_many_of_its_hosts_findings_are_waived(browser, address, night):
    browser.open(address("night"))
    (verdict,) = [host["verdict"] for host in night["hosts"] if any("waived" in one for one in host["findings"])]
    tile = browser.run(f"document.querySelector('.tile.{verdict}').textContent")
    assert tile.endswith("1 with waived findings")


@pytest.mark.parametrize(
    ("fragment", "finding"),
    [
        ("condition=proxy_reachable", {"id": "proxy_reachable", "status": "fail"}),
        ("condition=proxy_reachable&status=ok", {"id": "proxy_reachable", "status": "ok"}),
        ("status=warn", {"status": "warn"}),
        ("severity=critical&status=unknown", {"severity": "critical", "status": "unknown"}),
        ("condition=nothing_like_that", {"id": "nothing_like_that"}),
    ],
)
def test_the_address_holds_a_filter_of_findings(browser, address, some_hosts, fragment, finding):
    browser.open(f"{address('some_hosts')}#{fragment}")
    assert _count(browser) == f"{len(_having(some_hosts, **finding))} of 400 hosts"


def test_filters_of_hosts(browser, address, some_hosts):
    browser.open(f"{address('some_hosts')}#verdict=blocked&host=web")
    expected = [host["host"] for host in some_hosts["hosts"] if host["verdict"] == "blocked" and "web" in host["host"]]
    assert _names(browser) == expected != []
    name = some_hosts["hosts"][0]["host"]
    browser.open(f"{address('some_hosts')}#host=%22{name}%22")
    assert _names(browser) == [name]
    assert browser.run("document.querySelector('.host').open"), "the only host is opened"


def _told(report, *words):
    """Names of the hosts that say each of the words in their name, their cause or a problem."""

    def text(host):
        bad = [one for one in host["findings"] if one["status"] in ("fail", "warn", "unknown")]
        parts = [
            [one["why"], one["id"], one["title"], one["advice"], one["remedy"], str(one["evidence"])] for one in bad
        ]
        return str([host["host"], host["reason"], parts]).lower()

    return [host["host"] for host in report["hosts"] if all(word in text(host) for word in words)]


@pytest.mark.parametrize("words", [("407",), ("10.0.0.5:3128", "web"), ("inactive",), ("db", "weu", "agent_service")])
def test_the_search_finds_hosts_that_say_all_words(browser, address, some_hosts, words):
    expected = _told(some_hosts, *words)
    browser.open(f"{address('some_hosts')}#host={'+'.join(words)}")
    assert _count(browser) == f"{len(expected)} of 400 hosts" and 0 < len(expected) < 400
    assert _names(browser)[:50] == expected[:50]


def test_words_apart_from_commas_are_alternatives(browser, address, some_hosts):
    names = [host["host"] for host in some_hosts["hosts"][:3]]
    browser.open(f"{address('some_hosts')}#host={','.join(names)}")
    assert _names(browser) == names


def test_a_finding_has_an_address_and_gives_evidence_and_commands(browser, address, some_hosts):
    name = _having(some_hosts, id="agent_service_running", status="fail")[0]
    browser.open(f"{address('some_hosts')}#host=%22{name}%22&condition=agent_service_running&status=any")
    assert _names(browser) == [name]
    finding = "document.querySelector('[data-finding=agent_service_running].hit')"
    browser.run(
        "Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => (copied = text) } })"
    )
    copied = []
    for number in range(3):
        browser.run(f"{finding}.querySelectorAll(':scope > .actions > button')[{number}].click()")
        copied.append(browser.run("copied"))
    evidence, fix, without = copied
    assert evidence.startswith(f"{name}: The agent's service is stopped [agent_service_running]\n")
    assert "ActiveState = inactive" in evidence
    run = "ansible-playbook vmbackup.azure"
    assert fix == f"{run}.fix -i INVENTORY --limit {name} -e remediate_allow=agent_service_running"
    assert without == f"{run}.diagnose -i INVENTORY -e diagnose_skip=agent_service_running"
    link = browser.run(f"{finding}.querySelector(':scope > .actions > a').hash")
    assert browser.run("location.hash") == link


def test_headings_skip_no_level(browser, address, some_hosts):
    browser.open(address("some_hosts"))
    browser.run("document.querySelectorAll('summary').forEach((node) => node.click())")
    levels = browser.run("[...document.querySelectorAll('h1, h2, h3, h4')].map((node) => +node.tagName[1])")
    assert levels[0] == 1 and levels.count(3) > 20
    assert max(after - before for before, after in zip(levels, levels[1:], strict=False)) == 1


def test_controls_filter_and_keep_the_address(browser, address, some_hosts):
    browser.open(address("some_hosts"))
    assert _count(browser) == "400 hosts"
    browser.run(
        "(() => { const select = document.getElementById('f-condition'); select.value = 'disk_space';"
        " select.dispatchEvent(new Event('input', { bubbles: true })); })()"
    )
    browser.wait_for("location.hash === '#condition=disk_space'")
    expected = len(_having(some_hosts, id="disk_space", status="fail"))
    assert _count(browser) == f"{expected} of 400 hosts"
    browser.run("document.getElementById('clear').click()")
    assert _count(browser) == "400 hosts" and browser.run("location.hash") == ""


def test_links_of_causes_and_conditions_filter(browser, address, some_hosts):
    browser.open(address("some_hosts"))
    browser.run("document.querySelector('.cause summary').click()")
    browser.wait_for("document.querySelector('.cause .names li')")
    browser.run("document.querySelector('.cause a.button').click()")
    browser.wait_for("document.querySelector('.pill')")
    proxy = next(cause for cause in some_hosts["causes"] if cause["id"] == "proxy_reachable")
    assert sorted(_names(browser)) == sorted(proxy["hosts"])
    browser.run("document.querySelector('#chart .number a').click()")
    browser.wait_for("!document.querySelector('.pill')")
    assert browser.run("document.getElementById('f-status').value") == "fail"


def test_consequences_stand_below_their_cause(browser, address, some_hosts):
    name = _having(some_hosts, id="exthandler_running", status="fail")[0]
    browser.open(f"{address('some_hosts')}#host=%22{name}%22")
    chain = ("agent_service_running", "exthandler_running", "ext_status")
    path = " > .below > ".join(f"[data-finding={id_}]" for id_ in chain)
    assert browser.run(f"document.querySelectorAll('{path}').length") == 1
    assert browser.run("document.querySelector('.others.ok').textContent") == "Passed (57)"
    browser.run("document.querySelector('.others.ok summary').click()")
    browser.wait_for("document.querySelectorAll('.quiet-finding').length === 57")


def test_theme_follows_the_system_until_it_is_chosen(browser, address):
    background = "getComputedStyle(document.body).backgroundColor"
    colours = []
    for system in ("light", "dark"):
        browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": system}])
        browser.open(address("one_host"))
        browser.run("localStorage.clear()")
        browser.open(address("one_host"))
        colours.append(browser.run(background))
    assert colours[0] != colours[1]
    browser.run("document.getElementById('theme').click()")
    assert browser.run(background) == colours[0], "light was chosen on a dark system"
    browser.open(address("one_host"))
    assert browser.run(background) == colours[0], "the choice is kept"
    browser.run("localStorage.clear()")
    browser.call("Emulation.setEmulatedMedia", features=[])


def test_paper_shows_causes_and_blocked_hosts_opened(browser, address, some_hosts):
    browser.open(address("some_hosts"))
    browser.run(
        "addEventListener('beforeprint', () => { window.seen = {"
        " closed: document.querySelectorAll('.cause:not([open])').length,"
        " names: document.querySelectorAll('.names li').length,"
        " opened: document.querySelectorAll('.host[open]').length,"
        " rows: document.querySelectorAll('.host').length }; })"
    )
    pdf = base64.b64decode(browser.call("Page.printToPDF")["data"])
    summary = some_hosts["summary"]
    troubled = summary["hosts"] - summary["ready"]
    assert pdf.startswith(b"%PDF")
    assert browser.run("window.seen") == {
        "closed": 0,
        "names": troubled,
        "opened": summary["blocked"],
        "rows": troubled,
    }


def test_without_script_the_causes_are_there(browser, address):
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(address("some_hosts"))
        tree = json.dumps(browser.call("DOM.getDocument", depth=-1))
    finally:
        browser.call("Emulation.setScriptExecutionDisabled", value=False)
    assert "Proxy 10.0.0.5:3128 answers 407" in tree.partition("application/json")[0]


def test_a_fleet_of_5000_stays_light(browser, address):
    browser.open(address(5000))
    assert _count(browser) == "5,000 hosts"
    assert browser.run("document.querySelectorAll('*').length") < 3000
    browser.run("document.getElementById('more').click()")
    assert 100 <= len(_names(browser)) < 400
