# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A backup of one virtual machine now, and the job that makes it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from ..._facts.azure.jobs import RUNNING
from .._api_versions import BACKUP
from .._client import Client
from .._error import AzureError
from .._protection import errors, vault_of
from .._values import key, last
from ._journal import DONE, UNDONE, Journal
from ._kind import Refused
from ._operation import Tell, follow

NAME = "backup"
PERMANENT = "the recovery point stays until its retention ends"
DAY_H = 24
_IN_PROGRESS = "UserErrorBackupOperationInProgress"
_EVERY_S = 10.0
_SNAPSHOT = "Take Snapshot"


class Backup:
    """The backups of one protected item."""

    def __init__(self, client: Client, item_id: str, tell: Tell):
        self._client, self._item, self._tell = client, item_id, tell
        self._vault = vault_of(item_id)
        self._name = _machine(item_id)

    def today(self) -> list[dict]:
        """Jobs that have backed it up within 24 hours, whoever began them; Azure counts all of them."""
        now = datetime.datetime.now(datetime.timezone.utc)
        # Until later than now, by a clock that differs from that of Azure.
        ends = now - datetime.timedelta(hours=DAY_H), now + datetime.timedelta(hours=1)
        # Not by %p: it is empty in many languages.
        times = [f"{moment:%Y-%m-%d %I:%M:%S} {'AM' if moment.hour < 12 else 'PM'}" for moment in ends]
        wanted = (
            "backupManagementType eq 'AzureIaasVM' and operation eq 'Backup'"
            f" and startTime eq '{times[0]}' and endTime eq '{times[1]}'"
        )
        jobs = self._client.listed(f"{self._vault}/backupJobs", BACKUP, **{"$filter": wanted})
        # The name of an item is VM; and that of its container, which has the group and the machine.
        mine = key(last(self._item)).partition(";")[2]
        return [job for job in jobs if key(job["properties"].get("containerName")).endswith(mine)]

    def running(self, jobs: list[dict]) -> str | None:
        """The id of the job that is at work."""
        return next((job["id"] for job in jobs if job["properties"]["status"] in RUNNING), None)

    def begin(self, days: int, journal: Journal, host: str) -> str:
        """Begins a backup that is kept for so many days. Returns the id of its job."""
        until = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)
        body = {"objectType": "IaasVMBackupRequest", "recoveryPointExpiryTimeInUTC": f"{until:%Y-%m-%dT%H:%M:%SZ}"}
        number = journal.begin(host=host, kind=NAME, id=self._item, before=None, after=None)
        try:
            answer = self._client.ask("POST", f"{self._item}/backup", BACKUP, {"properties": body})
        except AzureError as error:
            journal.mark(number, UNDONE)
            # An answer that was lost is asked for again: then the backup that is under way may be our own.
            job = self.running(self.today()) if error.code == _IN_PROGRESS else None
            if job is None:
                raise
            return job
        said = follow(self._client, answer, f"Begin a backup of '{last(self._item)}'", self._tell)
        journal.mark(number, DONE)
        if job_id := (said.get("properties") or {}).get("jobId"):
            return f"{self._vault}/backupJobs/{job_id}"
        if job := self.running(self.today()):
            return job
        raise AzureError(f"Cannot follow the backup of '{last(self._item)}': Azure began it, but names no job")

    def wait(self, job_id: str) -> None:
        """Waits for the end of a backup that someone else has begun, however it ends."""
        self._tell("Another backup is under way: waiting for its end")
        self._followed(job_id, True, f"Cannot back up '{self._name}': another backup is under way")

    def result(self, job_id: str, whole: bool) -> dict:
        """How the job ended; without ``whole``, as soon as its snapshot has."""
        return self._followed(job_id, whole, f"Cannot follow the backup of '{self._name}': it is under way")

    def _followed(self, job_id: str, whole: bool, cannot: str) -> dict:
        """``cannot``: what is said when the time is over."""
        told: dict[str, str] = {}
        while True:
            job = self._client.get(job_id, BACKUP)["properties"]
            tasks = {one["taskId"]: one["status"] for one in (job.get("extendedInfo") or {}).get("tasksList") or ()}
            for name, status in tasks.items():
                if told.get(name) != status and status != "NotStarted":
                    self._tell(f"{name}: {status}")
            told = tasks
            if job["status"] not in RUNNING or not whole and tasks.get(_SNAPSHOT) == "Completed":
                return {
                    "job": last(job_id),
                    "status": job["status"],
                    "tasks": tasks,
                    "errors": errors(job.get("errorDetails")),
                }
            state = ", ".join(f"{name}: {status}" for name, status in tasks.items()) or job["status"]
            self._client.pause(_EVERY_S, job_id, f"{cannot} ({state})")


def failure(result: Mapping[str, Any]) -> str | None:
    """The service's own words on why a backup failed; None where it did not, or not yet."""
    if result["status"] in ("Completed", "CompletedWithWarnings", *RUNNING):
        return None
    said = [f"{one['message'] or one['title']} ({one['code'] or one['number']})" for one in result["errors"]]
    return f"The backup ended as {result['status']}: {'; '.join(said) or 'Azure gives no reason'}"


def refuse_too_many(jobs: list[dict], most: int, item_id: str) -> None:
    """Raises Refused where as many backups as are allowed have begun within 24 hours."""
    if len(jobs) >= most:
        raise Refused(
            f"Cannot back up '{_machine(item_id)}': {len(jobs)} backups have begun within {DAY_H} hours,"
            f" and {most} are allowed (most_in_24h)"
        )


def _machine(item_id: str) -> str:
    """The name of the machine that an item protects."""
    return last(item_id).rpartition(";")[2]
