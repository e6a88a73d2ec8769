# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as one HTML file that asks nothing of the network."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path

from ._groups import KINDS, Group, by_verdict, counted, groups, headline, scope, share
from ._json import dumps
from ._pack import pack
from ._text import visible

_HERE = Path(__file__).parent
_SLOT = re.compile(r"\{\{ (\w+) \}\}")


def render(report: Mapping) -> str:
    """The whole page. Everything that guests say is data in it: the page's policy lets only its own script run."""
    found = groups(report)
    style, script = _part("report.css"), _part("report.js")
    return _fill(
        _part("report.html"),
        {
            "style": style,
            "style_hash": _hash(style),
            "script": script,
            "script_hash": _hash(script),
            "beside": "fix.json" if "fix" in report else "report.json",
            "data": _embedded(pack(report, found)),
            "headline": escape(headline(report["summary"])),
            "share": escape(" ".join([share(found), *scope(report)]).strip()),
            "generated": escape(visible(report["generated"])),
            "version": escape(visible(report["collection_version"])),
            "counts": "\n".join(f"<li>{counted_}</li>" for counted_ in by_verdict(report)),
            "causes": "\n".join(map(_row, found)),
        },
    )


def _part(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _fill(template: str, values: Mapping[str, str]) -> str:
    """Fills all slots in one pass: a slot's text inside a value stays what it is."""
    return _SLOT.sub(lambda slot: values[slot[1]], template)


def _hash(text: str) -> str:
    """The source expression of a content security policy that allows exactly this text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _embedded(value: object) -> str:
    """JSON for the inside of a script element, where only markup characters could end it early."""
    return dumps(value).replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _row(group: Group) -> str:
    """One cause of the table for browsers that run no script."""
    notes = [KINDS[group.kind], *filter(None, [group.id, group.remedy and f"remedy {group.remedy}"])]
    advice = f"<span>{escape(visible(group.advice))}</span>" if group.advice else ""
    return (
        f"<tr><td>{counted(len(group.hosts))}</td>"
        f"<td>{escape(visible(group.text))}<span>{escape(visible(', '.join(notes)))}</span>{advice}</td>"
        f"<td>{escape(', '.join(map(visible, group.hosts)))}</td></tr>"
    )
