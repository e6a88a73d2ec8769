# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of single versions of the snapshot extension, with the page of each statement."""

from __future__ import annotations

import dataclasses

from ..._engine._model import Source
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


NEVER_LOADS_ON = (
    Limit(
        "1.0.9219.0",
        (3, 12),
        "it loads the agent's library with the module imp",
        extension_issue(1922, "backup fails on Ubuntu 24.04"),
    ),
    Limit("1.0.9225.0", (3, 13), "it imports the module crypt", extension_issue(2172, "backup fails on Ubuntu 26.04")),
)

NO_REMOVED_MODULES = extension_issue(2177, "the extension runs on Python 3.12 and later")

NEEDS_OF_KNOWN_BAD = ("crypt", "distutils")
"""What versions up to NEWEST_KNOWN_BAD import of the modules that Python removed; see NO_REMOVED_MODULES."""

KNOWN_BAD = (
    KnownBad(
        "0",
        "1.0.9103.0",
        "containers",
        "freezing the mounts of containers hangs",
        extension_issue(296, "a VM with Docker hangs during backup"),
    ),
    KnownBad(
        "0",
        "1.0.9147.0",
        "sles15",
        "it cannot read the agent's configuration",
        extension_issue(758, "ConfigurationProvider fails on SLES 15"),
    ),
    KnownBad(
        "1.0.9191.0",
        "1.0.9191.0",
        "old_kernel",
        "its freeze helper was built for newer kernels",
        extension_issue(1644, "the earlier freeze helper comes back"),
    ),
)


def limit_of(extension: str, python: str) -> Limit | None:
    """What keeps a version of the extension from loading on a version of Python, or None."""
    return next(
        (one for one in NEVER_LOADS_ON if version(extension) <= version(one.last) and version(python) >= one.python),
        None,
    )
