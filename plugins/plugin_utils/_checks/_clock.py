# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far the guest's clock is from the Azure host's."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .._engine._model import Evidence, Verdict, fail, ok, unknown, warn
from .._engine._state import GuestState


def skew(state: GuestState, refused: Callable[[GuestState], Sequence[Evidence]] = lambda _state: ()) -> Verdict:
    """The verdict on the clock. ``refused`` gives what shows that signatures are refused because of it."""
    synchronised = state.clock.get("synchronised")
    kept = [synchronised.fact("value")] if synchronised else []
    fabric = state.get("fabric")
    answer = fabric.get("wire_http") if fabric else None
    ahead = answer.get("clock_offset_s") if answer else None
    if ahead is None:
        if synchronised and synchronised.value:
            return ok(*kept)
        return unknown("The host did not say its time, and nothing keeps the guest's clock", *kept)
    evidence = Evidence(f"{answer.origin}: seconds ahead of the Date field", ahead)
    limit = state.want.max_clock_skew_s
    if abs(ahead) > limit:
        way = "ahead of" if ahead > 0 else "behind"
        why = f"The guest's clock is more than {limit:g} s {way} the host's"
        proof = refused(state)
        if proof:
            return fail(f"{why}, and signatures are refused", evidence, *kept, *proof)
        return warn(why, evidence, *kept)
    return ok(evidence, *kept)
