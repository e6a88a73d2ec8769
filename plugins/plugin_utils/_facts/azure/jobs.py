# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backup jobs of the virtual machine of the last 14 days, the newest first, at most 10."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from ..._engine._state import Facts
from .._kinds import NULL, PEOPLE, listing, number, record, records, text, texts

RUNNING = ("InProgress", "Cancelling")
"""States of a job that has not ended."""

Job = TypeVar("Job", bound=Facts | Mapping[str, Any])

SECTION = listing(
    __doc__,
    record(
        "",
        id=text("Resource id."),
        operation=text("Backup, ConfigureBackup, Restore, ..."),
        status=text("Completed, CompletedWithWarnings, Failed, InProgress, Cancelled, ..."),
        started=text("When it started, UTC.", NULL),
        ended=text("When it ended, UTC.", NULL),
        seconds=number("How long it took.", NULL, PEOPLE),
        errors=records(
            "Its errors.",
            code=text("Symbolic code, such as UserErrorGuestAgentStatusUnavailable.", NULL),
            number=text("Number of the code.", NULL, PEOPLE),
            title=text("Title.", NULL),
            message=text("Text.", NULL),
            recommendations=texts("What the service recommends."),
        ),
        tasks=records(
            "Its tasks; empty when it was not asked for.",
            name=text("Take Snapshot, Transfer data to vault, ..."),
            status=text("Completed, Failed, InProgress, ..."),
        ),
    ),
)


def last_ended(jobs: Iterable[Job]) -> Job | None:
    """The last backup that has ended: what else the vault did says nothing of backups."""
    return next((job for job in jobs if job["operation"] == "Backup" and job["status"] not in RUNNING), None)
