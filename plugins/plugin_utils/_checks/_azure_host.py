# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Azure host answers when the snapshot extension asks it for a snapshot."""

from __future__ import annotations

from .._engine._model import Evidence, Verdict, by_hand, warn

AT_HOST = (
    "Nothing has to be repaired in the guest. Start an on-demand backup; if the host fails again, deallocate and start"
    " the VM so that it moves to another host, or open a support request with this status."
)

FAILED_AT_HOST = 500
"""Answers from here on are failures of the host's own."""

_PSEUDO = {555: "it did not answer", 556: "it is not running", 557: "its answer was empty", 558: "the request failed"}


def reason(answer: int) -> str:
    """An answer in words; the extension has numbers of its own where there was none."""
    return _PSEUDO.get(answer, f"it answered {answer}")


def failed_at_host(answer: int, *evidence: Evidence) -> Verdict:
    """The verdict where the host failed with the snapshot itself."""
    return warn(f"The Azure host's snapshot service failed: {reason(answer)}", *evidence, fix=by_hand(AT_HOST))
