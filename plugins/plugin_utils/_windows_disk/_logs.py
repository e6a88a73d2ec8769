# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What logs and JSON files on a mounted Windows disk say, in the form of the live probe."""

from __future__ import annotations

import datetime
import json
import re
from typing import Any

from ...module_utils._guest.masking import excerpt
from ._disk import Disk

_RECORD = re.compile(r"\r?\n(?=\[?\d|\[)")
_TOLD = re.compile(r"\[(WARN|ERROR)\]|\b(Error|Warning)\b|Exception\b|fabric address", re.I)
_MOST_LINES = 30
_COUNTED = re.compile(r"/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/")
"""A time as serializers of .NET write it: milliseconds of UTC."""
_EPOCH = datetime.datetime(1970, 1, 1)


def log(disk: Disk, path: str) -> dict | None:
    """The last records of trouble and the very last one; None if there is no such log."""
    text = disk.tree.text(path, 131_072)
    if text is None:
        return None
    records = [re.sub(r"\s*\r?\n\s*", " ", record).strip() for record in _RECORD.split(text)]
    records = [record for record in records if record]
    told = [record for record in records if _TOLD.search(record)][-_MOST_LINES:]
    return {
        "path": disk.shown(path),
        "lines": [excerpt(record, 500) for record in told],
        "last": excerpt(records[-1], 300) if records else None,
    }


def document(text: str | None) -> Any:
    """A JSON text, the first document of a list. Raises ValueError without a word of the text."""
    if text is None:
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("it is not JSON") from None
    return found[0] if isinstance(found, list) and found else found


def member(value: Any, *names: str) -> Any:
    """A value deep in a document; None where the way ends."""
    for name in names:
        value = (
            next((item for key, item in value.items() if key.lower() == name.lower()), None)
            if isinstance(value, dict)
            else None
        )
    return value


def time(value: Any, *names: str) -> Any:
    """A point in time deep in a document, in ISO 8601; what is none stays as it is."""
    found = member(value, *names)
    counted = _COUNTED.fullmatch(found) if isinstance(found, str) else None
    if counted is None:
        return found
    try:
        moment = _EPOCH + datetime.timedelta(milliseconds=int(counted[1]))
    except OverflowError:
        return found
    return f"{moment.isoformat(timespec='seconds')}Z"


def message(value: Any, limit: int) -> str:
    text = member(value, "formattedMessage", "message")
    return excerpt(text, limit) if isinstance(text, str) else ""
