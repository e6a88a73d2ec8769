# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A setting of a unit that takes from the agent what it needs."""

from __future__ import annotations

import dataclasses

from ..._engine._model import Evidence
from ..._engine._state import Facts


@dataclasses.dataclass(frozen=True)
class Restriction:
    """One setting that takes what the agent needs.

    ``proved``: backups fail for certain while it is in force. ``noticed``: the agent itself cannot work then.
    """

    why: str
    entry: Facts
    proved: bool = True
    noticed: bool = True

    @property
    def evidence(self) -> Evidence:
        return Evidence(f"{self.entry.origin}: {self.entry.name}", self.entry.value)
