# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as Markdown, for a job summary or a ticket."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ._azure import notes, warning
from ._changes import headline as changes_headline
from ._changes import sections, waiver_notes
from ._groups import KINDS, by_verdict, counted, groups, headline, share
from ._text import visible

_MOST_ROWS = 50
_MOST_NAMES = 20
_ACTING = re.compile(
    r"([\\`*_{}\[\]<>#|~&@]|(?<=:)/(?=/)|(?<=www)\.)", re.IGNORECASE
)  # addresses are links by themselves


def render(report: Mapping) -> str:
    """A short page: the state of the fleet, its causes, what changed."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Mapping) -> Iterator[str]:
    found = groups(report)
    yield f"# {_text(headline(report['summary']))}"
    yield ""
    counts = ", ".join(by_verdict(report))
    yield " ".join(filter(None, [f"{counts}." if counts else "", share(found)]))
    if warning(report):
        yield from ("", f"**{_text(warning(report))}**")
    for kind, title in KINDS.items():
        rows = [
            (f"{len(group.hosts):,}", _cause(group.text, group.id), _text(group.advice or ""), _names(group.hosts))
            for group in found
            if group.kind == kind
        ]
        yield from _table(title, ("hosts", "cause", "what to do", "names"), rows)
    fleet = [(_cause(one["why"], one["id"]), _text(one["advice"] or "")) for one in report["fleet"]]
    yield from _table("Across the fleet", ("found", "what to do"), fleet)
    if "history" in report:
        yield from ("", f"{_text(changes_headline(report['history']))}.")
        for heading, changes in sections(report["history"]):
            rows = [
                (
                    f"{len(one['hosts']):,}",
                    f"{_text(one['title'])} (`{one['id']}`)",
                    one["status"],
                    _names(one["hosts"]),
                )
                for one in changes
            ]
            yield from _table(heading, ("hosts", "condition", "status", "names"), rows)
    for title, said in (("Waivers", list(waiver_notes(report))), ("Azure", notes(report))):
        if said:
            yield from ("", f"## {title}", "", *(f"- {_text(one)}" for one in said))
    yield from ("", f"{_text(report['generated'])}, vmbackup.azure {_text(report['collection_version'])}")


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if not rows:
        return
    yield from ("", f"## {_text(title)}", "", f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}")
    for row in rows[:_MOST_ROWS]:
        yield f"| {' | '.join(row)} |"
    if len(rows) > _MOST_ROWS:
        yield from ("", f"and {len(rows) - _MOST_ROWS:,} more")


def _cause(text: str, id_: str | None) -> str:
    return _text(text) + (f" (`{id_}`)" if id_ else "")


def _names(hosts: Sequence[str]) -> str:
    rest = f" and {counted(len(hosts) - _MOST_NAMES)} more" if len(hosts) > _MOST_NAMES else ""
    return ", ".join(map(_text, hosts[:_MOST_NAMES])) + rest


def _text(text: str) -> str:
    """Text of a guest, that neither formats nor links."""
    return _ACTING.sub(r"\\\1", visible(text))
