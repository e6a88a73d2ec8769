# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of single versions of the snapshot extension, with the page of each statement."""

from __future__ import annotations

import dataclasses

from ..._engine._model import Source
from ..._knowledge import rows
from .._pages import extension_issue
from .._versions import version

NEWEST_KNOWN_BAD = "1.0.9225.0"
"""The newest version known to fail on the Pythons below; later ones are judged by what they import."""


@dataclasses.dataclass(frozen=True)
class Limit:
    """Versions up to ``last`` do not load on this Python or a newer one, whatever modules are there."""

    last: str
    python: tuple[int, int]
    because: str
    source: Source


@dataclasses.dataclass(frozen=True)
class KnownBad:
    """Versions from ``first`` to ``last`` that fail where ``where`` says."""

    first: str
    last: str
    where: str
    because: str
    source: Source


_EXTENSION = [row for row in rows("versions") if row["of"] == "extension"]

NEVER_LOADS_ON = tuple(
    Limit(row["last"], tuple(row["python"]), row["because"], Source(**row["source"]))
    for row in _EXTENSION
    if row["kind"] == "python"
)

NO_REMOVED_MODULES = extension_issue(2177, "the extension runs on Python 3.12 and later")

NEEDS_OF_KNOWN_BAD = ("crypt", "distutils")
"""What versions up to NEWEST_KNOWN_BAD import of the modules that Python removed; see NO_REMOVED_MODULES."""

KNOWN_BAD = tuple(
    KnownBad(row["first"], row["last"], row["where"], row["because"], Source(**row["source"]))
    for row in _EXTENSION
    if row["kind"] == "bad"
)


def limit_of(extension: str, python: str) -> Limit | None:
    """What keeps a version of the extension from loading on a version of Python, or None."""
    return next(
        (one for one in NEVER_LOADS_ON if version(extension) <= version(one.last) and version(python) >= one.python),
        None,
    )
