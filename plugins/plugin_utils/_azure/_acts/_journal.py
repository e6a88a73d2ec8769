# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs have changed in Azure, on the controller: one file for each run below the report directory."""

from __future__ import annotations

import contextlib
import datetime
import fcntl
import json
import os
import pathlib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..._engine._schema import is_whole
from ..._facts import _kinds
from .._values import now

FOLDER = "azure-journal"
STARTED, DONE, UNDONE = "started", "done", "undone"
_SCHEMA = 1
_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")
_TEXT = _kinds.text()
_CHANGES = _kinds.records(
    "", **dict.fromkeys(("host", "kind", "id", "created", "at"), _TEXT), state=_kinds.one_of("", STARTED, DONE, UNDONE)
)


class Journal:
    """The changes of one run. Several processes may write it at the same time.

    Each entry has ``host``, ``kind``, ``id``, ``before``, ``after``, ``state`` and ``at``. It is on the disk before the
    change begins.
    """

    def __init__(self, report_dir: str, run_id: str):
        if not _NAME.match(run_id) or run_id.startswith("."):
            raise ValueError(
                f"Cannot use the run id '{run_id}': it has at most 64 letters, digits, '.', '_' and '-', and does not"
                " begin with '.'"
            )
        self.run_id = run_id
        self.folder = pathlib.Path(os.path.abspath(os.path.expanduser(report_dir))) / FOLDER
        self._path = self.folder / f"{run_id}.json"

    def exists(self) -> bool:
        """Whether the run has recorded anything."""
        return self._path.exists()

    def entries(self) -> list[dict]:
        """All changes, in their order; none where the run is not known."""
        try:
            found = json.loads(self._path.read_bytes())
            if found["schema"] != _SCHEMA or not _are_changes(found["entries"]):
                raise ValueError("it is not a journal of schema 1")
            return found["entries"]
        except FileNotFoundError:
            return []
        except RecursionError:
            raise ValueError(f"Cannot read '{self._path}': it is nested too deeply") from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise ValueError(f"Cannot read '{self._path}': {reason}") from error

    def begin(self, **change: Any) -> int:
        """Records a change before it begins. Returns its number."""
        with self._alone() as entries:
            entries.append({**change, "state": STARTED, "created": now(), "at": now()})
            return len(entries) - 1

    def mark(self, number: int, state: str) -> None:
        with self._alone() as entries:
            entries[number] = {**entries[number], "state": state, "at": now()}

    def note(self, number: int, operation: str) -> None:
        """Where Azure tells of the operation: a run that is killed leaves it at work."""
        with self._alone() as entries:
            entries[number]["operation"] = operation

    def operations(self, id_: str) -> list[str]:
        """Those that may still be at work on a resource."""
        return [entry["operation"] for entry in self.entries() if _is_open(entry, id_) and "operation" in entry]

    def unanswered(self, id_: str) -> list[dict]:
        """Changes of a resource that a killed run has begun, of which it is not known whether Azure has."""
        return [entry for entry in self.entries() if _is_open(entry, id_) and "operation" not in entry]

    def settle(self, id_: str, value: object, same: Callable[[Any, Any], bool]) -> None:
        """Changes of a resource that a killed run has begun, and Azure or a later run has finished, are done."""
        if any(_is_open(entry, id_) for entry in self.entries()):
            with self._alone() as entries:
                for entry in entries:
                    if _is_open(entry, id_) and same(entry["after"], value):
                        entry.update(state=DONE, at=now())

    @contextlib.contextmanager
    def _alone(self) -> Iterator[list[dict]]:
        """The entries, for a change of them that no other process disturbs."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(self.folder / "lock", "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            entries = self.entries()
            yield entries
            self._write({"schema": _SCHEMA, "run_id": self.run_id, "entries": entries})

    def _write(self, document: Mapping) -> None:
        draft = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(document, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def runs(report_dir: str) -> list[dict]:
    """The runs that have changed something in Azure, the newest first. A damaged one is listed with the reason."""
    folder = pathlib.Path(os.path.abspath(os.path.expanduser(report_dir))) / FOLDER
    paths = sorted(path for path in folder.glob("*.json") if _NAME.match(path.stem) and path.name[0] != ".")
    found = [told for path in paths if (told := _told(path, Journal(report_dir, path.stem)))]
    return sorted(found, key=lambda run: (run["created"], run["run_id"]), reverse=True)


def _told(path: pathlib.Path, journal: Journal) -> dict | None:
    """A run for a list; None where it has changed nothing."""
    try:
        entries = journal.entries()
    except ValueError as error:
        written = datetime.datetime.fromtimestamp(path.lstat().st_mtime, datetime.timezone.utc)
        created = written.strftime("%Y-%m-%dT%H:%M:%SZ")
        return {"run_id": journal.run_id, "created": created, "undone": False, "touched": [], "damaged": str(error)}
    if not entries:
        return None
    touched = [{name: entry[name] for name in ("host", "kind", "id", "state")} for entry in entries]
    undone = all(entry["state"] == UNDONE for entry in entries)
    created = entries[0]["created"]
    return {"run_id": journal.run_id, "created": created, "undone": undone, "touched": touched, "damaged": None}


def _are_changes(entries: Any) -> bool:
    """Whether entries have the form of ours: a file may be damaged, or written by hand."""
    return is_whole(entries, _CHANGES) and all(
        {"before", "after"} <= entry.keys() and isinstance(entry.get("operation", ""), str) for entry in entries
    )


def _is_open(entry: Mapping, id_: str) -> bool:
    return entry["state"] == STARTED and entry["id"].lower() == id_.lower()
