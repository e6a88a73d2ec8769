# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Result codes of the snapshot extension for Linux, as its source has them (ExtensionErrorCodeHelper.py)."""

from __future__ import annotations

TRANSITION = 4
UNSPECIFIC = 2
"""The code of an error that has no code of its own."""

_MEANINGS = {
    UNSPECIFIC: "an error that it has no code for (its log says more)",
    11: "it did not get the parameters that it needs",
    12: "a file or command that it needs is missing",
    13: "the time of the command is wrong",
    14: "it had this task before",
    15: "HTTP requests failed",
    16: "the certificate for its settings was not found",
    17: "the list of disks it got is not valid",
    76: "no snapshot could be taken",
    85: "the disks have too many snapshots",
    121: "a file system refused to freeze",
    122: "freezing took longer than the time limit",
    123: "a mount point could not be opened",
    124: "its freeze helper is missing",
    173: "storage limited the rate of snapshots",
    402: "the command came too late",
    556: "the host's snapshot service failed",
    761: "the network lets only some of the snapshots pass",
}
STEP_CODES = {"fifreeze": 121, "open": 123, "stat": 123, "directory": 121}
"""The code that a run ends with after its freeze helper failed at a step, for logs that do not tell the code."""

TIMED_OUT, FREEZE_TIMEOUT = "freeze_timed_out", 122
"""The text of a run, and the code, of a freeze helper that did not answer in time."""

PASSING = frozenset({13, 14, 173, 402, 556})
"""Failures that say little about the next attempt."""

NETWORK_CODES = (15, 76, 761)
"""Failures that the guest's way to Azure Storage may cause."""


def meaning(code: int) -> str:
    """What a code says, as the end of a sentence."""
    if 300 <= code <= 318:
        return "the scripts before or after the snapshot failed"
    if 500 <= code <= 512:
        return "preparing the database failed"
    return _MEANINGS.get(code, "a code that its source does not name")
