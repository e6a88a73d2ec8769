# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a report's files. Whoever reads one finds the old file or the new one, never a part."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from . import _csv, _html, _json, _junit, _markdown, _prometheus, _sarif
from ._gate import NEVER

# A report tells where hosts are weak: not for everybody on the controller, but a group may be let in.
_DIRECTORY_MODE, _FILE_MODE = 0o750, 0o640


_Render = Callable[[Mapping, str], str]
_FORMATS: dict[str, tuple[str, _Render]] = {
    "json": ("report.json", lambda report, _gate: _json.render(report)),
    "html": ("report.html", lambda report, _gate: _html.render(report)),
    "junit": ("junit.xml", _junit.render),
    "sarif": ("report.sarif", lambda report, _gate: _sarif.render(report)),
    "markdown": ("report.md", lambda report, _gate: _markdown.render(report)),
    "csv": ("report.csv", lambda report, _gate: _csv.render(report)),
    "prometheus": ("vmbackup.prom", lambda report, _gate: _prometheus.render(report)),
}
FORMATS = tuple(_FORMATS)
FORMATS_BY_DEFAULT = ("json", "html", "junit")


def write(
    report: Mapping,
    directory: str | os.PathLike,
    fail_on: str = NEVER,
    formats: Collection[str] = FORMATS_BY_DEFAULT,
) -> dict[str, str]:
    """Writes the files of these formats, and returns their paths by name. Those of other formats, which an earlier run
    may have left, are removed: they would tell of that run.

    The directory is made where it is missing. Raises OSError with a full sentence when a file cannot be written.
    """
    directory = Path(directory)
    make(directory)
    written = {}
    for format_, (name, render) in _FORMATS.items():
        if format_ in formats:
            written[name] = put(directory / name, render(report, fail_on))
        else:
            (directory / name).unlink(missing_ok=True)
    return written


def first(directory: Path) -> Path:
    """The file that people open first, of those that are there; else the directory."""
    names = ("report.html", "report.md", *(name for name, _render in _FORMATS.values()))
    return next((directory / name for name in names if (directory / name).exists()), directory)


def make(directory: Path) -> None:
    """Makes the report directory where it is missing. Raises OSError with a full sentence when it cannot be made."""
    try:
        directory.mkdir(mode=_DIRECTORY_MODE, parents=True, exist_ok=True)
    except OSError as error:
        raise OSError(f"Cannot create '{directory}': {error.strerror}") from error


def put(path: Path, text: str) -> str:
    """Writes one file and returns its path. Raises OSError with a full sentence when it cannot be written."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE), "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(draft, path)
    except OSError as error:
        raise OSError(f"Cannot write '{path}': {error.strerror}") from error
    finally:
        draft.unlink(missing_ok=True)
    return str(path)
