# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What could not be read, once for all machines of a place that it concerns."""

from __future__ import annotations

from collections.abc import Mapping

from .._engine import _gaps as codes
from ._error import AzureError
from ._protection import SECTIONS
from ._values import part


class Gaps:
    """``list``: records of ``scope``, ``what``, ``permission`` (None where it is not the reason) and ``reason``."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, str], dict] = {}

    @property
    def list(self) -> list[dict]:
        return [self._known[place] for place in sorted(self._known)]

    def add(self, scope: str, what: str, error: AzureError) -> None:
        self.note(scope, what, error.permission, str(error))

    def note(self, scope: str, what: str, permission: str | None, reason: str) -> None:
        gap = {"scope": scope, "what": what, "permission": permission, "reason": reason}
        self._known.setdefault((scope.lower(), what, reason), gap)

    def of_state(self, state: Mapping) -> None:
        """Those of one machine, for its subscription, or that of its vault."""
        scope = f"/subscriptions/{part(state['vm']['id'], 'subscriptions')}" if "vm" in state else ""
        vault = (state.get("vault") or {}).get("subscription")
        for path, reason in state["missing"].items():
            section = path.partition(".")[0]
            place = f"/subscriptions/{vault}" if vault and section in SECTIONS else scope
            if codes.code(reason) != codes.NOT_ASKED:
                self.note(place, section, codes.permission(reason), codes.text(reason))
