# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far the guest's clock is from the Azure host's."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .._engine._model import Evidence, Verdict, fail, ok, unknown, warn
from .._engine._state import GuestState
from ._fabric import answer


def skew(state: GuestState, refused: Callable[[], Sequence[Evidence]] = tuple) -> Verdict:
    """The verdict on the clock. ``refused`` gives what shows that signatures are rejected because of it."""
    synchronised = state.clock.get("synchronised")
    kept = [synchronised.fact("value")] if synchronised else []
    wire = answer(state, "wire_http")
    ahead = wire.get("clock_offset_s") if wire else None
    if wire is None or ahead is None:
        if synchronised and synchronised.value:
            return ok(*kept)
        return unknown("The Azure host's time is unknown and no time service runs in the guest", *kept)
    evidence = Evidence(f"{wire.origin}: seconds ahead of the Date field", ahead)
    if abs(ahead) <= state.want.max_clock_skew_s:
        return ok(evidence, *kept)
    way = "ahead of" if ahead > 0 else "behind"
    why, key = f"The guest's clock is {abs(ahead):,.0f} s {way} the Azure host's", f"The guest's clock is {way} Azure's"
    proof = refused()
    if proof:
        rejected = "and signatures are rejected"
        return fail(f"{why}, {rejected}", evidence, *kept, *proof, key=f"{key}, {rejected}")
    return warn(why, evidence, *kept, key=key)
