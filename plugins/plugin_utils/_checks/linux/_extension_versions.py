# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of single versions of the snapshot extension, with the source of each statement."""

from __future__ import annotations

import dataclasses

from .._versions import version

NEWEST_KNOWN_BAD = "1.0.9225.0"
"""The newest version known to fail on the Pythons below; later ones are judged by what they import."""


@dataclasses.dataclass(frozen=True)
class Limit:
    """Versions up to ``last`` do not load on this Python or a newer one, whatever modules are there."""

    last: str
    python: tuple[int, int]
    because: str
    source: str


@dataclasses.dataclass(frozen=True)
class KnownBad:
    """Versions from ``first`` to ``last`` that fail where ``where`` says."""

    first: str
    last: str
    where: str
    because: str
    source: str


NEVER_LOADS_ON = (
    Limit(
        "1.0.9219.0", (3, 12), "it loads the agent's library with the module imp", "azure-linux-extensions issue 1922"
    ),
    Limit("1.0.9225.0", (3, 13), "it imports the module crypt", "azure-linux-extensions issue 2172"),
)

NEEDS_OF_KNOWN_BAD = ("crypt", "distutils")
"""What versions up to NEWEST_KNOWN_BAD import of the modules that Python removed; azure-linux-extensions pull request
2177 (July 2026) did away with both."""

KNOWN_BAD = (
    KnownBad(
        "0", "1.0.9103.0", "containers", "freezing the mounts of containers hangs", "azure-linux-extensions issue 296"
    ),
    KnownBad(
        "0", "1.0.9147.0", "sles15", "it cannot read the agent's configuration", "azure-linux-extensions issue 758"
    ),
    KnownBad(
        "1.0.9191.0",
        "1.0.9191.0",
        "old_kernel",
        "its freeze helper was built for newer kernels",
        "azure-linux-extensions pull requests 1642 and 1644",
    ),
)


def limit_of(extension: str, python: str) -> Limit | None:
    """What keeps a version of the extension from loading on a version of Python, or None."""
    return next(
        (one for one in NEVER_LOADS_ON if version(extension) <= version(one.last) and version(python) >= one.python),
        None,
    )
