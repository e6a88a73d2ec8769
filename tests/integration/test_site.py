# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation as a site: a page per check, links that lead somewhere, and nothing loaded from elsewhere."""

import html.parser
import pathlib
import re
import subprocess
import sys
import urllib.parse

import pytest

REPO = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPO / "docs"))

pytest.importorskip("furo")
pytest.importorskip("myst_parser")
pytest.importorskip("sphinx_antsibull_ext")

import build_site  # noqa: E402
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _explain, _registry  # noqa: E402

LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "object": "data", "embed": "src"}
IDS = sorted({check.id for check in _registry.every_check()})


class Page(html.parser.HTMLParser):
    """What a page loads, where its links lead, its ids and its text."""

    def __init__(self, path):
        super().__init__()
        self.loads, self.links, self.ids, self._text = [], [], set(), []
        self.feed(path.read_text("utf-8"))
        self.text = " ".join("".join(self._text).split())

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.ids.add(given.get("id"))
        if tag == "link" and given["rel"] not in ("next", "prev", "index", "search"):
            self.loads.append(given["href"])
        if tag in LOADED and given.get(LOADED[tag]):
            self.loads.append(given[LOADED[tag]])
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])

    def handle_data(self, data):
        self._text.append(data)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site, with a page in place of the reference of modules."""
    folder = tmp_path_factory.mktemp("site")
    build_site.write(folder / "sources")
    (folder / "sources/reference").mkdir()
    (folder / "sources/reference/index.md").write_text("# Reference\n")
    build_site.build(folder / "sources", folder / "html")
    return folder / "html"


@pytest.fixture(scope="module")
def pages(site):
    return {path: Page(path) for path in site.rglob("*.html")}


def test_each_check_has_a_page_with_all_that_is_known_of_it(site, pages):
    for id_ in IDS:
        text = pages[site / f"checks/{id_}.html"].text
        for told in map(_explain.page, _explain.named(id_)):
            said = [
                told["title"],
                "What is read",
                *(word for one in told["reads"] for word in one.values()),
                *told["error_codes"],
            ]
            said += [*told["remedies"], *(one["title"] for one in told["sources"]), *told["causes"], *told["aliases"]]
            said += [_explain.command(told)] if told["remedies"] else []
            said += [told["about"], told["advice"]]
            assert [part for part in said if _plain(part) not in _plain(text)] == [], id_


def _plain(text):
    """Words alone: a site has its own quotation marks and dashes."""
    return re.sub(r"\W+", "", text)


def test_the_list_of_checks_leads_to_each(site, pages):
    links = {link.partition("#")[0] for link in pages[site / "checks.html"].links}
    assert {f"checks/{id_}.html" for id_ in IDS} <= links


def test_nothing_is_loaded_from_elsewhere(site, pages):
    loaded = {load for page in pages.values() for load in page.loads}
    for path in site.rglob("*.css"):
        loaded.update(re.findall(r"url\(\s*[\"']?([^\"')]+)|@import\s+[\"']([^\"']+)", path.read_text("utf-8")))
    found = {"".join(one) for one in loaded}
    assert any(one.startswith("_static/") for one in found)
    assert [one for one in found if re.match(r"(?i)(https?:)?//", one)] == []


def test_links_lead_somewhere(site, pages):
    broken = []
    for path, page in pages.items():
        for link in page.links:
            to = urllib.parse.urlsplit(link)
            target = (path.parent / urllib.parse.unquote(to.path)).resolve() if to.path else path
            if to.scheme or to.netloc or link == "#":
                continue
            if not target.is_file() or (to.fragment and to.fragment not in pages[target].ids):
                broken.append((path.relative_to(site), link))
    assert broken == []


def test_checks_can_be_searched(site, pages):
    index = (site / "searchindex.js").read_text("utf-8")
    assert [id_ for id_ in IDS if f'"checks/{id_}"' not in index] == []
    assert any(load.startswith("searchindex.js") for load in pages[site / "search.html"].loads)


def test_a_link_that_leads_nowhere_is_an_error(tmp_path):
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources/index.md").write_text("# Page\n\n[gone](gone.md)\n")
    with pytest.raises(subprocess.CalledProcessError):
        build_site.build(tmp_path / "sources", tmp_path / "html")
