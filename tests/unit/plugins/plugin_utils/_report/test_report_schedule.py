# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of start times: a timeline with a table behind it, that asks nothing of the network."""

import html.parser
import pathlib

import jinja2
import pytest
from browser import CHROMIUM, Browser

REPO = pathlib.Path(__file__).resolve().parents[5]
HOSTILE = "<script>alert(1)</script>&\"'"
TIMES = [
    {"vault": "/v/prod", "time_zone": "UTC", "time": "22:00", "before": 80, "after": 50},
    {"vault": "/v/prod", "time_zone": "UTC", "time": "23:30", "before": 0, "after": 30},
]
PLAN = {
    "moves": [{"machine": "/m/web1", "from": HOSTILE, "at": "22:00", "to": "late", "then": "23:30"}],
    "timeline": TIMES,
    "proxies": [{"proxy": "10.0.0.5:3128", "time_zone": "UTC", "time": "22:00", "before": 60, "after": 40}],
    "proxies_known": 60,
    "together": [
        {"vault": "/v/prod", "policy": HOSTILE, "time_zone": "UTC", "time": "22:00", "machines": ["/m/web1", "/m/web2"]}
    ],
    "missed": [{"scope": "/subscriptions/2", "reason": HOSTILE, "permission": "vaults/read"}],
    "unmovable": ["/m/sql1", "/m/sql2"],
    "uncounted": ["/m/hidden"],
}


def page(plan=None):
    # Ansible trims blocks and does not escape: the template does it itself.
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(REPO / "playbooks/templates"), trim_blocks=True, undefined=jinja2.StrictUndefined
    )
    return templates.get_template("schedule.html.j2").render(schedule_plan=plan or PLAN, schedule_limit="50")


class Read(html.parser.HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.texts = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.texts.append(data)


def bars(text, kind):
    return [
        (float(of["x"]), float(of["height"]))
        for tag, of in Read(text).elements
        if tag == "rect" and of["class"] == kind
    ]


def test_each_time_has_a_bar_for_now_and_one_for_the_plan():
    # 24 hours are 960 wide, and the largest number is 100 high.
    assert bars(page(), "now") == [(880, 100), (940, 0), (880, 100)]
    assert bars(page(), "planned") == [(889, 62.5), (949, 37.5), (889, 66.7)]


def test_what_is_in_the_drawing_is_in_a_table():
    text = page()
    assert '<th scope="row">22:00</th><td>80</td><td>50</td>' in text
    assert '<th scope="row">23:30</th><td>0</td><td>30</td>' in text
    assert all(of.get("aria-hidden") == "true" for tag, of in Read(text).elements if tag == "svg")


def test_vaults_proxies_and_machines_that_start_together_are_named():
    texts = Read(page()).texts
    assert "prod, UTC" in texts and "10.0.0.5:3128, UTC" in texts and "web1, web2" in texts
    assert any("the proxies of 60 VMs" in text for text in texts)


def test_what_the_plan_may_lack_is_named():
    texts = Read(page()).texts
    assert f"/subscriptions/2: {HOSTILE} (vaults/read)" in texts and "hidden: its policy could not be read" in texts
    assert "These VMs start several times a day: sql1, sql2" in texts
    assert "Not in the plan" in page({**PLAN, "missed": []}) and "Not in the plan" in page({**PLAN, "uncounted": []})
    assert "Not in the plan" not in page({**PLAN, "missed": [], "uncounted": []})


def test_text_of_azure_is_data():
    read = Read(page())
    assert "script" not in [tag for tag, _of in read.elements] and HOSTILE in read.texts


def test_a_plan_without_anything_is_a_page():
    empty = {**{name: [] for name in PLAN}, "proxies_known": 0}
    assert bars(page(empty), "now") == [] and "Moves: 0." in page(empty)


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_a_browser_shows_it_and_asks_for_nothing(tmp_path):
    path = tmp_path / "schedule.html"
    path.write_text(page(), encoding="utf-8")
    browser = Browser(tmp_path / "profile")
    try:
        browser.open(path.as_uri())
        assert browser.requests == [path.as_uri()] and browser.problems == []
        width = "document.querySelector('rect.planned').getBoundingClientRect().width"
        assert browser.run(width) > 0
        fill = "getComputedStyle(document.querySelector('rect.{}')).fill"
        assert browser.run(fill.format("now")) != browser.run(fill.format("planned")) != "rgb(0, 0, 0)"
        assert browser.run("document.documentElement.scrollWidth <= innerWidth")
    finally:
        browser.close()
