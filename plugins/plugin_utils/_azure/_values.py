# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ids, times and words as Azure writes them."""

from __future__ import annotations

import datetime
import re
from typing import Any

_ISO = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?$")
_DURATION = re.compile(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?$")
_SPAN = re.compile(r"(?:(\d+)\.)?(\d+):(\d\d):(\d\d(?:\.\d+)?)$")
_SYMBOL = re.compile(r"[A-Za-z][A-Za-z0-9_]*$")
_WORDS = {
    word.lower(): word
    for word in (
        # of changes and jobs
        *("Succeeded", "Failed", "Canceled", "Creating", "Updating", "Deleting", "Migrating", "PartiallyFailed"),
        *("Backup", "ConfigureBackup", "InProgress", "Cancelling", "Cancelled", "Completed", "CompletedWithWarnings"),
        # of items and policies
        *("Protected", "IRPending", "ProtectionStopped", "ProtectionPaused", "BackupsSuspended", "ProtectionError"),
        *("Protecting", "NotProtected", "ProtectionFailed"),
        *("SoftDeleted", "Passed", "Healthy", "ActionRequired", "ActionSuggested", "OnlyCrashConsistent"),
        *("PersistentUnhealthy", "PersistentDegraded", "TransientUnhealthy", "TransientDegraded", "Invalid"),
        *("Hourly", "Daily", "Weekly", "GeoRedundant", "CanNotDelete", "ReadOnly"),
        # of machines, disks and routes
        *(
            "UltraSSD_LRS",
            "PremiumV2_LRS",
            "ConfidentialVM",
            "AzureActiveDirectory",
            "Local",
            "Windows",
            "Linux",
            "Enforce",
        ),
        *("ActiveSAS", "ActiveSASFrozen", "ActiveUpload", "ReadyToUpload", "Frozen"),
        *("Internet", "None", "VirtualAppliance", "VirtualNetworkGateway", "VirtualNetworkServiceEndpoint"),
    )
}
"""Words that checks compare, by their lower case."""
_NEVER = "2001-01-02"
"""Azure Backup writes a time before that where there is none."""


def key(resource_id: str | None) -> str:
    """An id for comparison: Azure writes the same one in several cases."""
    return (resource_id or "").rstrip("/").lower()


def within(resource_id: str, scope: str) -> bool:
    """The resource lies in the scope, or is it."""
    return f"{key(resource_id)}/".startswith(f"{key(scope)}/")


def last(resource_id: str) -> str:
    return resource_id.rstrip("/").rpartition("/")[2]


def part(resource_id: str, kind: str) -> str:
    """The name after ``kind`` in an id, such as that of the resource group; empty when there is none."""
    words = resource_id.split("/")
    lower = [word.lower() for word in words]
    return words[lower.index(kind.lower()) + 1] if kind.lower() in lower[:-1] else ""


def group_id(resource_id: str) -> str:
    """The id of the resource group of a resource."""
    return f"/subscriptions/{part(resource_id, 'subscriptions')}/resourceGroups/{part(resource_id, 'resourceGroups')}"


def word(code: str | None) -> str | None:
    """The word after the slash of a status, as in PowerState/running."""
    return code.rpartition("/")[2] if code else None


def text(value: Any) -> str | None:
    """A text; None for an empty one."""
    return str(value) if value not in (None, "") else None


def choice(value: Any) -> Any:
    """A word of an enumeration as its documentation spells it: services of Azure write some in another case. None for
    an empty one; what is not a text stays as it is."""
    return (_WORDS.get(value.lower(), value) or None) if isinstance(value, str) else value


def symbol(*values: Any) -> str | None:
    """The first of the values that is a symbolic code, and no sentence or number."""
    return next((value for value in values if isinstance(value, str) and _SYMBOL.match(value)), None)


def time(value: Any) -> str | None:
    """A time in UTC, to the second; None where there is none."""
    match = _ISO.match(value) if isinstance(value, str) else None
    if not match:
        return None
    utc = _utc(datetime.datetime.fromisoformat(match[1] + (match[2] or "Z").replace("Z", "+00:00")))
    return utc if utc >= _NEVER else None


def seconds(value: Any) -> float | None:
    """A duration: PT1200.5S, or 00:20:00.5."""
    match = isinstance(value, str) and (_DURATION.match(value) or _SPAN.match(value))
    if not match or not any(match.groups()):
        return None
    days, hours, minutes, rest = (float(number or 0) for number in match.groups())
    return 86400 * days + 3600 * hours + 60 * minutes + rest


def moment(since_1970: Any) -> str | None:
    """A time that is given in seconds."""
    if not isinstance(since_1970, (int, float)):
        return None
    return _utc(datetime.datetime.fromtimestamp(since_1970, datetime.timezone.utc))


def now() -> str:
    return _utc(datetime.datetime.now(datetime.timezone.utc))


def age(moment: str) -> float:
    """Seconds since a time in UTC, to the second; none for one that lies ahead."""
    then = datetime.datetime.fromisoformat(moment.replace("Z", "+00:00"))
    return max(0.0, (datetime.datetime.now(datetime.timezone.utc) - then).total_seconds())


def _utc(time: datetime.datetime) -> str:
    return time.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
