# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Crashes that Windows Error Reporting kept on a mounted Windows disk, in the form of its events."""

from __future__ import annotations

import datetime
import os
import re

from ...module_utils._guest.host import Missing
from ...module_utils._guest.masking import excerpt
from ._disk import Disk

_HOME = "ProgramData\\Microsoft\\Windows\\WER"
_CRASHES = ("APPCRASH", "BEX", "BEX64", "CLR20r3", "InPageError")
_MOST = 100
"""Reports, the newest."""
_LARGEST = 4 << 20
_EPOCH = datetime.datetime(1601, 1, 1)
_LINE = re.compile(r"^(EventType|EventTime|NsAppName|Sig\[\d+\]\.Value)=(.*?)\r?$", re.M)


def crashes(disk: Disk, since: str) -> list[dict]:
    """Crashes of programs, the newest first."""
    found = [_crash(disk, path) for path in _reports(disk)]
    return sorted(
        (crash for crash in found if crash and crash["time"] >= since), key=lambda crash: crash["time"], reverse=True
    )


def _reports(disk: Disk) -> list[str]:
    found: list[tuple[float, str]] = []
    for name in ("ReportArchive", "ReportQueue"):
        try:
            entries = disk.tree.folder(rf"{_HOME}\{name}")
            found += [(_changed(entry), rf"{_HOME}\{name}\{entry.name}\Report.wer") for entry in entries]
        except Missing:
            continue
    return [path for _when, path in sorted(found, reverse=True)[:_MOST]]


def _changed(entry: os.DirEntry) -> float:
    try:
        return entry.stat(follow_symlinks=False).st_mtime
    except OSError:
        return 0.0


def _crash(disk: Disk, path: str) -> dict | None:
    try:
        text = disk.tree.text(path, _LARGEST) or ""
    except Missing:
        return None
    lines = dict(_LINE.findall(text))
    kind, when = lines.pop("EventType", None), _moment(lines.pop("EventTime", ""))
    if kind not in _CRASHES or when is None:
        return None
    program = lines.pop("NsAppName", None)
    signature = list(lines.values())
    if program and signature[:1] != [program]:
        signature.insert(0, program)
    # The signature has the program, modules and number of the exception in their places in the event of a crash.
    data = [*signature, kind, disk.shown(path)]
    return {
        "provider": "Windows Error Reporting",
        "id": 1001,
        "time": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "data": [excerpt(text, 600) for text in data[:20]],
    }


def _moment(ticks: str) -> datetime.datetime | None:
    try:
        return _EPOCH + datetime.timedelta(microseconds=int(ticks) // 10)
    except (ValueError, OverflowError):
        return None
