# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an answer of the Azure host says: it came late, refuses the caller, or is an error of the host's own."""

from __future__ import annotations

from .._engine._model import Evidence, by_hand
from .._engine._state import Facts

SLOW_S = 3.5
"""A lost packet is sent again after one and after three seconds: this is the second one that was lost."""
REFUSED = (401, 403)
THROTTLED, BROKEN = 429, 500
"""Too many requests; statuses from the second one on are faults of the one who answers."""
OF_THE_HOST = by_hand(
    "Wait some minutes: nothing in the guest causes this. If it stays, redeploy the VM or open a support request."
)


def slow(answered: Facts) -> Evidence | None:
    """The seconds that a connection took, where it was made after several attempts only."""
    return answered.fact("seconds") if (answered.seconds or 0) > SLOW_S else None


def refuses(answered: Facts) -> bool:
    """The fabric itself answered, and serves this caller not: Azure can restrict who may ask (Metadata Security
    Protocol). An intermediary that answers in its place names itself."""
    return answered.status in REFUSED and not answered.via


def troubled(answered: Facts) -> bool:
    """The fabric itself answered, with an error that the agent tries again after."""
    status = answered.get("status") or 0
    return (status == THROTTLED or status >= BROKEN) and not answered.get("via")
