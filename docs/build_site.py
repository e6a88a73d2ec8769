# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the documentation as a site (``make site``): the pages, a page per check, and the reference of the modules."""

from __future__ import annotations

import argparse
import itertools
import os
import pathlib
import posixpath
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator

import generate
import yaml
from generate import REPO, _explain

BIN = pathlib.Path(sys.executable).parent
PAGES = {"README.md": "index.md", "docs/decisions/README.md": "decisions/index.md"}
PAGES |= {f"{name}.md": f"{name}.md" for name in ("CONTRIBUTING", "CODE_OF_CONDUCT", "SECURITY", "SUPPORT")}
for _page in sorted(REPO.glob("docs/**/*.md")):
    PAGES.setdefault(_page.relative_to(REPO).as_posix(), _page.relative_to(REPO / "docs").as_posix())
"""Where a page of the repository is on the site."""

_GALAXY = yaml.safe_load((REPO / "galaxy.yml").read_text("utf-8"))
_LINK = re.compile(r"(?<=\]\()(?![a-z]+:|#)([^)#\s]+)")
# The globs leave out the page itself.
TREES = {
    "index.md": {"Pages": ["*"], "Decisions": ["decisions/index"], "Reference": ["reference/index"]},
    "decisions/index.md": {"Decisions": ["*"]},
}

_UNLISTED = "---\norphan: true\n---\n\n"
"""Of pages that the navigation does not list: checks are hundreds, and docs/checks.md has them all."""


def write(folder: pathlib.Path) -> None:
    """The sources of all pages but those of the reference."""
    for origin, name in PAGES.items():
        text = (REPO / origin).read_text("utf-8")
        if origin == "docs/checks.md":
            text = generate.checks_overview(lambda check: f"checks/{check.id}.md")
        _put(folder / name, _relinked(text, origin) + _tree(TREES.get(name, {})))
    for id_, checks in itertools.groupby(generate.every_check(), key=lambda check: check.id):
        _put(folder / f"checks/{id_}.md", "\n".join([_UNLISTED + f"# {id_}", "", *map(_check, checks)]))


def _put(path: pathlib.Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def _relinked(text: str, origin: str) -> str:
    """The page with its links to other pages of the site; what is none is in the repository."""
    here = posixpath.dirname(PAGES[origin])

    def link(found: re.Match) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(origin), found[0]))
        if target in PAGES:
            return posixpath.relpath(PAGES[target], here or ".")
        return f"{_GALAXY['repository']}/blob/main/{target}" if (REPO / target).exists() else found[0]

    return _LINK.sub(link, text)


def _tree(parts: dict[str, list[str]]) -> str:
    return "".join(
        "\n```{toctree}\n:hidden:\n:glob:\n:caption: " + caption + "\n\n" + "\n".join(pages) + "\n```\n"
        for caption, pages in parts.items()
    )


def _check(check: generate.Check) -> str:
    told = _explain.page(check)
    lines = [f"## {told['title']} ({', '.join(told['subjects'])})", ""]
    lines += [f"Severity {told['severity']}; part of the chain: {told['stage']}.", ""]
    for heading, items in _sections(told):
        lines += [f"### {heading}", "", *items, ""]
    return "\n".join(lines)


def _sections(told: dict) -> Iterator[tuple[str, list[str]]]:
    """The headings of a check with their lines; none is empty."""
    yield "Why", [told["about"]]
    yield (
        "What is read",
        [f"- `{one['fact']}`: {generate.plain(one['meaning'])}".removesuffix(": ") for one in told["reads"]],
    )
    if told["advice"]:
        yield "By hand", [generate.plain(told["advice"])]
    if told["remedies"]:
        remedies = ", ".join(f"[`{name}`](../fixes.md#remedies)" for name in told["remedies"])
        command = ["", "```console", _explain.command(told), "```"]
        yield "By playbook", [f"{remedies}, where the facts allow it:", *command]
    if told["causes"]:
        yield "Follows from", [f"- [`{id_}`]({id_}.md)" for id_ in told["causes"]]
    if told["error_codes"]:
        codes = ", ".join(f"`{code}`" for code in told["error_codes"])
        yield "Error codes", [f"{codes} ([all codes](../checks.md#error-codes-of-azure-backup))"]
    if told["sources"]:
        yield "Sources", [f"- {generate.link(one)}" for one in told["sources"]]
    if told["aliases"]:
        yield "Formerly", [", ".join(f"`{alias}`" for alias in told["aliases"])]


def write_reference(folder: pathlib.Path) -> None:
    """The sources of the reference of modules, roles and filters."""
    folder.mkdir(parents=True)
    surroundings = {
        **os.environ,
        "PATH": f"{BIN}:{os.environ['PATH']}",
        "ANSIBLE_COLLECTIONS_PATH": str(REPO / ".collections"),
    }
    command = [BIN / "antsibull-docs", "collection", "--use-current", "--squash-hierarchy", "--fail-on-error"]
    options = ["--no-add-antsibull-docs-version", "--dest-dir", folder, "vmbackup.azure"]
    subprocess.run([*command, *options], env=surroundings, check=True)


def build(folder: pathlib.Path, pages: pathlib.Path) -> None:
    """The site of these sources. A link that leads nowhere is an error."""
    options = ["-b", "html", "-c", REPO / "docs", "-d", folder.with_name("doctrees"), "-q", "-W", "--keep-going"]
    subprocess.run([sys.executable, "-m", "sphinx", *options, folder, pages], check=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path, help="its folder html has the site afterwards")
    target = parser.parse_args().folder
    for name in ("html", "sources"):
        shutil.rmtree(target / name, ignore_errors=True)
    write(target / "sources")
    write_reference(target / "sources/reference")
    build(target / "sources", target / "html")
