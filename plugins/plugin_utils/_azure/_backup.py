# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Azure Backup has of virtual machines: items, policies, vaults, jobs."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ._rows import Rows, at, items, parent, part, text, time

VAULT = "Microsoft.RecoveryServices/vaults"
_ITEM = f"{VAULT}/backupFabrics/protectionContainers/protectedItems"
_DAY_HOURS, _WEEK_HOURS = 24, 168
_MOST_JOBS = 10
_DURATION = re.compile(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?\Z")
_CODE = re.compile(r"[A-Za-z]\w{5,}\Z")


class Backup:
    """Items, policies, vaults and jobs, found by the machine that they are of."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._items: dict[str, list[dict]] = {}
        self._by_name: dict[str, list[dict]] = {}
        for row in rows.of_type(_ITEM):
            item = _item(row)
            self._items.setdefault(item["source_id"].lower(), []).append(item)
            self._by_name.setdefault(part(item["source_id"], "virtualMachines").lower(), []).append(item)
        self._jobs: dict[tuple[str, str], list[dict]] = {}
        for row in rows.of_type(f"{VAULT}/backupJobs"):
            vault = parent(row["id"]).lower()
            self._jobs.setdefault((vault, _container(text(row["properties"], "containerName"))), []).append(_job(row))

    def sections(self, machine_id: str) -> dict:
        """The sections protection, policy, vault and jobs of a machine."""
        mine = self._items.get(machine_id.lower(), [])
        name = part(machine_id, "virtualMachines").lower()
        former = [one for one in self._by_name.get(name, []) if one["source_id"].lower() != machine_id.lower()]
        # Another machine of this name in another group is no former one while it is there.
        gone = [one for one in former if not self._rows.find(one["source_id"])]
        active = next((one for one in mine if not one["soft_deleted"]), None)
        jobs = [job for one in mine for job in self._jobs.get((one["vault_id"].lower(), _container(one["id"])), [])]
        jobs.sort(key=lambda job: job["started"] or "", reverse=True)
        return {
            "protection": {"read_from": mine[0]["id"] if mine else machine_id, "items": mine, "former": gone},
            "policy": active and _policy(self._rows.find(active["policy_id"])),
            "vault": active and _vault(active["vault_id"], self._rows.find(active["vault_id"])),
            "jobs": jobs[:_MOST_JOBS],
        }


def _item(row: Mapping) -> dict:
    properties = row["properties"]
    status = text(properties, "lastBackupStatus")
    policy = text(properties, "policyId")
    kpis = (at(properties, "kpisHealths") or {}).values()
    health = [one for kpi in kpis for one in items(kpi, "resourceHealthDetails")]
    return {
        "read_from": row["id"],
        "id": row["id"],
        "vault_id": parent(row["id"], 6),
        "policy_id": policy,
        "policy": text(properties, "policyName") or (policy and policy.rpartition("/")[2]),
        "source_id": text(properties, "sourceResourceId") or text(properties, "virtualMachineId") or "",
        "protection_state": text(properties, "protectionState"),
        "protection_status": text(properties, "protectionStatus"),
        "health_status": text(properties, "healthStatus"),
        "health": [_health(one) for one in [*items(properties, "healthDetails"), *health]],
        "last_status": status,
        "last_time": time(properties, "lastBackupTime"),
        "last_point": time(properties, "lastRecoveryPoint"),
        "soft_deleted": bool(at(properties, "isScheduledForDeferredDelete")),
    }


def _health(told: Mapping) -> dict:
    advice = at(told, "recommendations")
    return {
        "code": text(told, "code"),
        "title": text(told, "title"),
        "message": text(told, "message"),
        "recommendations": " ".join(map(str, advice)) if isinstance(advice, list) and advice else text(told, "advice"),
    }


def _policy(row: Mapping | None) -> dict | None:
    if row is None:
        return None
    properties = row["properties"]
    schedule = at(properties, "schedulePolicy")
    details = at(properties, "instantRPDetails")
    frequency = text(schedule, "scheduleRunFrequency")
    daily = at(schedule, f"{(frequency or '').lower()}Schedule")
    times = at(schedule, "scheduleRunTimes") or at(daily, "scheduleRunTimes") or []
    start = text(daily, "scheduleWindowStartTime")
    hours = {"Daily": _DAY_HOURS, "Weekly": _WEEK_HOURS, "Hourly": _DAY_HOURS}.get(frequency or "")
    return {
        "read_from": row["id"],
        "id": row["id"],
        "name": row["name"],
        "type": text(properties, "policyType") or "V1",
        "consistency": text(properties, "snapshotConsistencyType"),
        "frequency": frequency,
        "times": [str(one)[11:16] for one in [*times, *([start] if start else [])]],
        "time_zone": text(properties, "timeZone"),
        "interval_hours": hours,
        "instant_days": at(properties, "instantRpRetentionRangeInDays"),
        "points_prefix": text(details, "azureBackupRGNamePrefix"),
        "points_suffix": text(details, "azureBackupRGNameSuffix"),
    }


def _vault(id_: str, row: Mapping | None) -> dict:
    properties = at(row, "properties")
    security = at(properties, "securitySettings")
    redundancy = at(properties, "redundancySettings")
    return {
        "read_from": id_,
        "id": id_,
        "name": id_.rpartition("/")[2],
        "location": text(row, "location") or "",
        "subscription": part(id_, "subscriptions"),
        "redundancy": text(redundancy, "standardTierStorageRedundancy"),
        "redundancy_locked": None,
        "public_access": text(properties, "publicNetworkAccess"),
        "immutability": text(security, "immutabilitySettings", "state"),
        "soft_delete": text(security, "softDeleteSettings", "softDeleteState"),
        "key_status": None,
        "used": None,
        "limit": None,
    }


def _job(row: Mapping) -> dict:
    properties = row["properties"]
    return {
        "read_from": row["id"],
        "id": row["id"],
        "operation": text(properties, "operation") or "",
        "status": text(properties, "status") or "",
        "started": time(properties, "startTime"),
        "ended": time(properties, "endTime"),
        "seconds": _seconds(text(properties, "duration") or ""),
        "errors": [_error(one) for one in items(properties, "errorDetails")],
        "tasks": [
            {"name": text(task, "taskId") or "", "status": text(task, "status") or ""}
            for task in items(properties, "extendedInfo", "tasksList")
        ],
    }


def _error(told: Mapping) -> dict:
    title, number = text(told, "errorTitle"), text(told, "errorCode")
    advice = at(told, "recommendations")
    # The symbolic name stands in the title, as far as published answers show; else in the code itself.
    code = next((word for word in (title, number) if word and _CODE.match(word)), None)
    return {
        "code": code,
        "number": number,
        "title": title,
        "message": text(told, "errorString"),
        "recommendations": [str(one) for one in advice] if isinstance(advice, list) else [],
    }


def _seconds(duration: str) -> float | None:
    found = _DURATION.match(duration)
    if not found:
        return None
    days, hours, minutes, seconds = (float(one or 0) for one in found.groups())
    return days * 86400 + hours * 3600 + minutes * 60 + seconds


def _container(name: str | None) -> str:
    """``type;group;machine`` of a container's or an item's name, which each service writes with a prefix of its own."""
    return ";".join((name or "").lower().rpartition("/")[2].split(";")[-3:])
