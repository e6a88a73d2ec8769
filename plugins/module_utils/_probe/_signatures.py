# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Texts of logs that say what is wrong, and those that say that the same thing works again.

The texts are data of the controller (``_knowledge/signatures.yml``) and an option of the probe.
"""

from .._guest.host import Missing

NONE_GIVEN = "no texts to look for were given"

STARTED = b"Azure Linux Agent Version:"
HEARTBEAT = b"[HEARTBEAT]"
VERSIONS = (STARTED, b"(Goal State Agent version", b"[HEARTBEAT] Agent WALinuxAgent-")
"""What stands before the version of the agent that writes the log."""

HANDLER_STARTED = (b"is the most current agent", b"to be the latest agent")


class Signature(object):
    """One kind of message: a line fits with one of ``any_of`` and ``also`` in it, and none of ``without``."""

    def __init__(self, row):
        self.name = row["name"]
        self.any_of = [text.encode() for text in row["any"]]
        self.also = (row.get("also") or "").encode()
        self.without = [text.encode() for text in row.get("without") or ()]
        self.cleared_by = [tuple(text.encode() for text in texts) for texts in row.get("cleared_by") or ()]
        self.harmless = bool(row.get("harmless"))

    def fits(self, line):
        return self.also in line and not any(text in line for text in self.without)


def of_log(options, log):
    """The signatures of a log. Raises Missing when the probe was given none."""
    if not options.get("signatures"):
        raise Missing(NONE_GIVEN)
    return [Signature(row) for row in options["signatures"] if row["log"] == log]
