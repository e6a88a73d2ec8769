# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent and its extension handlers, as they report to Azure (instance view)."""

from __future__ import annotations

from .._kinds import NULL, PEOPLE, record, records, text

SECTION = record(
    __doc__,
    NULL,
    version=text("Version; Unknown when the agent has never reported."),
    status=text("Ready, Not Ready, ..."),
    message=text("Its message.", NULL),
    time=text("When Azure last changed that, UTC.", NULL),
    handlers=records(
        "Extension handlers.",
        type=text("Publisher and type."),
        version=text("Version.", NULL),
        status=text("Ready, Not Ready, Installing, ..."),
        code=text("Code of that status.", NULL, PEOPLE),
        message=text("Its message.", NULL),
    ),
)
