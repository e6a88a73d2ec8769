# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._report import _html, _pack
from ansible_collections.vmbackup.azure.plugins.plugin_utils._report._groups import cause_text, groups
from report_fleet import fleet


class _Page(HTMLParser):
    """The elements of a page and the raw text of its scripts and styles, as a browser would cut them."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.raw, self._inside = [], [], None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._inside = tag if tag in ("script", "style") else None

    def handle_endtag(self, tag):
        self._inside = None

    def handle_data(self, data):
        if self._inside:
            self.raw.append((self._inside, data))

    def data(self):
        return json.loads(next(text for tag, text in self.raw if tag == "script"))


def _unpacked(packed):
    """The hosts of a packed report in the form of the report."""
    checks, strings = packed["checks"], packed["strings"]
    findings = [
        {
            "id": checks[check][0],
            "title": checks[check][1],
            "severity": checks[check][2],
            "status": status,
            "why": strings[why],
            "evidence": [{"source": strings[source], "value": value} for source, value in evidence],
            "consequence_of": consequence_of,
            "remedy": remedy,
            "advice": strings[advice],
            "sources": [{"title": strings[title], "url": strings[url]} for title, url in sources],
            **_apart(("subject", "weakened_by"), apart),
        }
        for check, status, why, evidence, consequence_of, remedy, advice, sources, *apart in packed["findings"]
    ]
    return [
        {
            "host": name,
            "platform": platform,
            "verdict": verdict,
            "reason": reason,
            "findings": [findings[n] for n in numbers],
            **_apart(("azure", "error_code", "vm"), [*apart[:2], *(_vm(packed_, strings) for packed_ in apart[2:3])]),
        }
        for name, platform, verdict, reason, _cause, numbers, *apart in packed["hosts"]
    ]


def _vm(packed, strings):
    if packed is None:
        return None
    id_, group, location, tags = packed
    tags = {strings[name]: strings[value] for name, value in tags}
    return {"id": id_, "resource_group": strings[group], "location": strings[location], "tags": tags}


def _apart(names, values):
    """What only some have."""
    return {name: value for name, value in zip(names, values, strict=False) if value}


def _without(mapping, *names):
    return {key: value for key, value in mapping.items() if key not in names}


@pytest.mark.parametrize("name", ["some_hosts", "empty", "one_host", "both_sides"])
def test_nothing_is_lost_by_packing(name, request):
    report = request.getfixturevalue(name)
    packed = json.loads(json.dumps(_pack.pack(report, groups(report))))
    kept = [_without(host, "first_cause") for host in report["hosts"]]
    for host in kept:
        # Other tools read these in report.json; the page shows neither.
        host["findings"] = [_without(finding, "gap", "fix") for finding in host["findings"]]
    assert _unpacked(packed) == kept
    assert [packed["strings"][host[4]] for host in packed["hosts"]] == [cause_text(host) for host in report["hosts"]]
    assert [len(group[-1]) for group in packed["groups"]] == [len(group.hosts) for group in groups(report)]


def test_the_data_in_the_page_is_the_packed_report(some_hosts):
    packed = json.loads(json.dumps(_pack.pack(some_hosts, groups(some_hosts))))
    assert _Page(_html.render(some_hosts)).data() == packed


def test_the_page_refers_to_nothing_outside(some_hosts):
    page = _html.render(some_hosts)
    # Sources of rules are links that a reader may follow; nothing is loaded from them.
    pages = {source["url"] for host in some_hosts["hosts"] for one in host["findings"] for source in one["sources"]}
    assert pages and set(re.findall(r'https?://[^"]+', page)) == pages
    assert not re.search(r"@import|url\(", page)
    for tag, attributes in _Page(page).elements:
        assert "src" not in attributes
        assert attributes.get("href", "#").startswith(("#", "data:")), (tag, attributes)


def test_the_policy_allows_this_script_and_style_only(hostile):
    page = _Page(_html.render(hostile))
    policy = next(a["content"] for t, a in page.elements if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy
    for index, directive in ((-1, "script-src"), (0, "style-src")):
        text = page.raw[index][1]
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in policy


def test_hostile_text_adds_no_element(hostile, one_host):
    attacked = _Page(_html.render(hostile))
    assert [tag for tag, _attributes in attacked.elements if tag == "script"] == ["script", "script"]
    assert {tag for tag, _attributes in attacked.elements} == {
        tag for tag, _attributes in _Page(_html.render(one_host)).elements
    }
    assert attacked.data()["hosts"][0][0].startswith("evil</script><script>alert(1)")


def test_a_browser_without_script_sees_causes_and_counts(some_hosts):
    plain = re.search(r"<noscript>(.*)</noscript>", _html.render(some_hosts), re.S)[1]
    assert f"<li>{some_hosts['summary']['blocked']} blocked</li>" in plain
    assert "Proxy 10.0.0.5:3128 answers 407" in plain
    assert all(name in plain for cause in some_hosts["causes"] for name in cause["hosts"])


def test_hosts_that_say_the_same_cost_little():
    small, large = (len(_html.render(fleet(size))) for size in (500, 1000))
    assert (large - small) / 500 < 1000, "bytes a host with 60 findings"
