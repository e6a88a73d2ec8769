# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The times at which a backup policy starts."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any

from ..._schedules._times import of_frequency, start_times
from .._api_versions import BACKUP
from .._error import AzureError
from .._values import last
from ._kind import Kind, Seen

TIME = re.compile(r"(?:[01]\d|2[0-3]):(?:00|30)\Z")
"""Azure starts backups at full and half hours."""

_KEPT = ("dailySchedule", "weeklySchedule", "monthlySchedule", "yearlySchedule")


class Schedule(Kind):
    """The start times of a policy, which are those of its retention as well."""

    name, noun = "backup_schedule", "policy"

    def read(self, id_: str) -> Seen:
        policy = self.client.get(id_, BACKUP)
        times = start_times(_holder(policy["properties"], id_))
        value = {"times": times, "time_zone": policy["properties"].get("timeZone") or "UTC"}
        return Seen(value, policy.get("eTag") or policy.get("etag"), document=policy)

    def write(self, id_: str, value: Any, seen: Seen) -> None:
        properties = copy.deepcopy(seen.document["properties"])
        properties.pop("protectedItemsCount", None)
        holder = _holder(properties, id_)
        day = holder["scheduleRunTimes"][0].partition("T")[0]
        times = [f"{day}T{time}:00Z" for time in value["times"]]
        holder["scheduleRunTimes"] = times
        for name in _KEPT:
            if kept := (properties.get("retentionPolicy") or {}).get(name):
                kept["retentionTimes"] = times
        properties["timeZone"] = value["time_zone"]
        what = f"Change the start of policy '{last(id_)}'"
        self.send("PUT", id_, BACKUP, what, {"properties": properties}, seen.etag)


def _holder(properties: Mapping, id_: str) -> dict[str, Any]:
    """The part of a policy that has the times at which it starts."""
    part = of_frequency(properties.get("schedulePolicy") or {})
    if part.get("scheduleRunTimes"):
        return part
    raise AzureError(f"Cannot change the start of policy '{last(id_)}': it starts hourly, not at given times")
