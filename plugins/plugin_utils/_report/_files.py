# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a report's files. Whoever reads one finds the old file or the new one, never a part."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from . import _html, _json, _junit
from ._gate import NEVER

# A report tells where hosts are weak: not for everybody on the controller, but a group may be let in.
_DIRECTORY_MODE, _FILE_MODE = 0o750, 0o640


def write(report: Mapping, directory: str | os.PathLike, fail_on: str = NEVER) -> dict[str, str]:
    """Writes ``report.json``, ``report.html`` and ``junit.xml``, and returns their paths by name.

    The directory is made where it is missing. Raises OSError with a full sentence when a file cannot be written.
    """
    directory = Path(directory)
    contents = {
        "report.json": lambda: _json.render(report),
        "report.html": lambda: _html.render(report),
        "junit.xml": lambda: _junit.render(report, fail_on),
    }
    make(directory)
    return {name: _write(directory / name, content()) for name, content in contents.items()}


def make(directory: Path) -> None:
    """Makes the report directory where it is missing. Raises OSError with a full sentence when it cannot be made."""
    try:
        directory.mkdir(mode=_DIRECTORY_MODE, parents=True, exist_ok=True)
    except OSError as error:
        raise OSError(f"Cannot create '{directory}': {error.strerror}") from error


def _write(path: Path, text: str) -> str:
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
