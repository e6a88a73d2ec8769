# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Extensions beside the snapshot extension: one that has failed keeps backup from the whole virtual machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .._engine._model import Evidence, Verdict, ok, warn
from .._engine._state import Facts

LIMIT_S = 90 * 60
"""Azure gives up waiting for an extension after this."""

ERROR_CODES = ("UserErrorVmProvisioningStateFailed", "UserErrorVmNotInDesirableState", "VmNotInDesirableState")
NOT_READY = ("NotReady", "Unresponsive")
"""What the agent for Linux calls an extension that it failed with."""
_OWN = "Microsoft.Azure.RecoveryServices.VMSnapshot"
"""The snapshot extension, which has checks of its own; the one for Linux begins alike."""


def others(handlers: Sequence[Facts], codes: Mapping[int, str], stated: bool) -> Verdict:
    """The verdict on all other extensions. ``codes``: what the agent failed to do, by its code. ``stated``: extensions
    may be known by their own files, which hold their state, in place of the agent's report."""
    rest = [one for one in handlers if not str(one.name).startswith(_OWN)]
    bad = [(one, said) for one in rest if (said := _wrong(one, codes, stated))]
    if bad:
        one, said = bad[0]
        known = [name for name in ("status", "code", "message", "result", "result_message") if one.get(name)]
        also = f" ({len(bad) - 1} more)" if len(bad) > 1 else ""
        why = f"The extension {one.name} {one.version} {said}{also}"
        return warn(why, *(one.fact(name) for name in known), key=f"{one.name} {said}")
    return ok(*([Evidence(rest[0].origin, [one.name for one in rest])] if rest else []))


def _wrong(one: Facts, codes: Mapping[int, str], stated: bool) -> str | None:
    """What is wrong with an extension; None where nothing is."""
    state = one.get("state") if stated else None
    if state == "FailedUpgrade":
        return "could not be updated"
    if one.status in NOT_READY and one.code:
        return f"is not ready: the agent failed {codes.get(one.code, f'with code {one.code}')}"
    if one.status == "Unresponsive":
        return "does not respond"
    if one.get("result") == "error" and state is None:
        return "has failed"
    if one.get("result") == "transitioning" and (one.get("result_age_s") or 0) > LIMIT_S:
        return "has not ended for more than 90 minutes"
    return None
