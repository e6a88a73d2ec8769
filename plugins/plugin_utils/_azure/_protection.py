# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sections ``protection``, ``policy``, ``vault`` and ``jobs``, from the rows of protection.kql."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .._facts.azure.protection import ON
from . import _schedule
from ._estate import Estate
from ._values import choice, key, last, part, seconds, symbol, text, time

READ_ITEMS = "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/read"
READ_MACHINES = "Microsoft.Compute/virtualMachines/read"
READ_POLICIES = "Microsoft.RecoveryServices/vaults/backupPolicies/read"
READ_VAULTS = "Microsoft.RecoveryServices/vaults/read"
SECTIONS = ("protection", "policy", "vault", "jobs")
_JOBS = 10
_POLICY = "microsoft.recoveryservices/vaults/backuppolicies"
_HEALTHY = ("Healthy", "Passed")
_NO_WORD = (None, "", "Invalid")


class Protection:
    """Items by their machine, and policies, by id."""

    def __init__(self, rows: Iterable[Mapping]):
        self._policies: dict[str, Mapping] = {}
        self._items: dict[str, list[Mapping]] = {}
        self._by_name: dict[str, list[Mapping]] = {}
        self._held: dict[str, int] = {}
        self.living: set[str] = set()
        """Ids of other machines that are there."""
        for row in rows:
            if row["type"].lower() == _POLICY:
                self._policies[key(row["id"])] = row
            else:
                source = source_of(row)
                self._items.setdefault(key(source), []).append(row)
                self._by_name.setdefault(last(source).lower(), []).append(row)
                vault = key(vault_of(row["id"]))
                self._held[vault] = self._held.get(vault, 0) + 1

    def strays(self, machines: Mapping[str, Mapping]) -> list[str]:
        """Machines of items that have the name of a known machine and another id."""
        names = {row["name"].lower() for row in machines.values()}
        found = {source_of(row) for name in names for row in self._by_name.get(name, ())}
        return sorted(source for source in found if key(source) not in machines)

    def read(self, row: Mapping, estate: Estate, state: dict) -> None:
        """Puts the sections into the state."""
        mine = self._items.get(key(row["id"]), [])
        if not mine and not estate.may(READ_ITEMS, row["subscriptionId"]):
            reason = estate.unseen(READ_ITEMS, row["id"])
            state["missing"].update(dict.fromkeys(SECTIONS, reason))
            return
        named = self._by_name.get(row["name"].lower(), ())
        # A machine of a subscription that may not be read is not gone because it is not shown.
        former = [
            one
            for one in named
            if key(source_of(one)) not in estate.machines.keys() | self.living
            and estate.may(READ_MACHINES, part(source_of(one), "subscriptions"))
        ]
        state["protection"] = {"items": [_item(one, _data_disks(row)) for one in mine]}
        state["protection"]["former"] = [_item(one, {}) for one in former]
        own = backing(state["protection"]["items"])
        jobs = [_job(job) for one in mine for job in one.get("jobs") or ()]
        state["jobs"] = sorted(jobs, key=lambda job: job["started"] or "", reverse=True)[:_JOBS]
        state["policy"] = state["vault"] = None
        if own:
            policy = self._policies.get(key(own["policy_id"]))
            policy_section = _policy(policy) if policy else None
            _put(
                state,
                "vault",
                self._vault(own["vault_id"], estate),
                estate.unseen(READ_VAULTS, own["vault_id"]),
            )
            if own["policy_id"]:
                _put(state, "policy", policy_section, estate.unseen(READ_POLICIES, own["policy_id"]))

    def _vault(self, id_: str, estate: Estate) -> dict | None:
        """The vault of that id, the same for all of its machines."""
        if key(id_) not in estate.shared:
            return None
        return estate.made(key(id_), lambda row: _vault(row, self._held[key(id_)]))


def _put(state: dict, name: str, section: dict | None, reason: str) -> None:
    if section:
        state[name] = section
    else:
        del state[name]
        state["missing"][name] = reason


def backing(items: Iterable[Mapping]) -> Mapping | None:
    """The item that backs the machine up: of several, one whose protection is on."""
    left = [one for one in items if not one.get("soft_deleted")]
    return next((one for one in left if one.get("protection_state") in ON), next(iter(left), None))


def source_of(row: Mapping) -> str:
    """The id of the machine that an item protects."""
    given = row["properties"]
    return given.get("sourceResourceId") or given.get("virtualMachineId") or ""


def deleted(given: Mapping) -> bool:
    """An item with these properties was deleted, and can be brought back for a while."""
    return bool(given.get("isScheduledForDeferredDelete")) or choice(given.get("protectionState")) == "SoftDeleted"


def vault_of(resource_id: str) -> str:
    """The id of the vault that an item, policy or job lies in."""
    parts = resource_id.split("/")
    return "/".join(parts[: [one.lower() for one in parts].index("vaults") + 2])


def _data_disks(machine: Mapping) -> dict[int, str]:
    """The names of the data disks of a machine, by the number that items know them by."""
    return {one["lun"]: one.get("name") or "" for one in (machine["facts"].get("storage") or {}).get("dataDisks") or ()}


def _excluded(given: Mapping, disks: Mapping[int, str]) -> list[str]:
    """The disks that the backup leaves out: those listed, or those not listed where the list says what it takes."""
    choice = (given.get("extendedProperties") or {}).get("diskExclusionProperties")
    if not choice:
        return []
    listed, taken = choice.get("diskLunList") or (), bool(choice.get("isInclusionList"))
    return [name for lun, name in disks.items() if (lun in listed) is not taken]


def _item(row: Mapping, disks: Mapping[int, str]) -> dict:
    given = row["properties"]
    indicators = [one for one in (given.get("kpisHealths") or {}).values() if isinstance(one, Mapping)]
    ill = [one for one in indicators if choice(one.get("resourceHealthStatus")) not in (*_HEALTHY, *_NO_WORD)]
    details = list(given.get("healthDetails") or ())
    details = details or [detail for one in ill for detail in one.get("resourceHealthDetails") or ()]
    status = choice(given.get("healthStatus"))
    if status in (*_HEALTHY, *_NO_WORD):
        # An indicator may be ill before the item is called so, or without its ever being called anything.
        status = next((choice(one["resourceHealthStatus"]) for one in ill), status)
    return {
        "id": row["id"],
        "vault_id": vault_of(row["id"]),
        "policy_id": text(given.get("policyId")),
        "policy": text(given.get("policyName")) or text(last(given.get("policyId") or "")),
        "source_id": source_of(row),
        "protection_state": choice(given.get("protectionState")),
        "protection_status": text(given.get("protectionStatus")),
        "health_status": status,
        "health": [_health(one) for one in details] if status not in _HEALTHY else [],
        "last_status": choice(given.get("lastBackupStatus")),
        "last_time": time(given.get("lastBackupTime")),
        "last_point": time(given.get("lastRecoveryPoint")),
        "soft_deleted": deleted(given),
        "excluded_disks": _excluded(given, disks),
        "read_from": row["id"],
    }


def _health(detail: Mapping) -> dict:
    return {
        "code": symbol(detail.get("title")) or text(detail.get("code")),
        "title": text(detail.get("title")),
        "message": text(detail.get("message")),
        "recommendations": text(" ".join(detail.get("recommendations") or ())),
    }


def _policy(row: Mapping) -> dict:
    given = row["properties"]
    points = given.get("instantRPDetails") or {}
    return {
        "id": row["id"],
        "name": row["name"],
        "type": given.get("policyType") or "V1",
        "consistency": choice(given.get("snapshotConsistencyType")),
        **_schedule.read(given.get("schedulePolicy") or {}),
        "time_zone": text(given.get("timeZone")),
        "instant_days": given.get("instantRpRetentionRangeInDays"),
        "points_prefix": text(points.get("azureBackupRGNamePrefix")),
        "points_suffix": text(points.get("azureBackupRGNameSuffix")),
        "read_from": row["id"],
    }


def _vault(row: Mapping, used: int) -> dict:
    facts = row["facts"]
    security, redundancy = facts.get("security") or {}, facts.get("redundancy") or {}
    return {
        "id": row["id"],
        "name": row["name"],
        "location": row["location"],
        "subscription": part(row["id"], "subscriptions"),
        "redundancy": choice(redundancy.get("standardTierStorageRedundancy")),
        "redundancy_locked": None,
        "public_access": text(facts.get("publicAccess")),
        "immutability": text((security.get("immutabilitySettings") or {}).get("state")),
        "soft_delete": text((security.get("softDeleteSettings") or {}).get("softDeleteState")),
        # Whether it can use a key of its own takes a call.
        **({} if (facts.get("encryption") or {}).get("keyVaultProperties") else {"key_status": None}),
        "used": used,
        "limit": None,
        "read_from": row["id"],
    }


def _job(given: Mapping) -> dict:
    return {
        "id": given["id"],
        "operation": choice(given.get("operation")) or "",
        "status": choice(given.get("status")) or "",
        "started": time(given.get("startTime")),
        "ended": time(given.get("endTime")),
        "seconds": seconds(given.get("duration")),
        "errors": errors(given.get("errorDetails")),
        "tasks": [],
        "read_from": given["id"],
    }


def errors(details: Iterable[Mapping] | None) -> list[dict]:
    """Errors of a job. The symbolic code is in the title; the number has a field of its own."""
    return [
        {
            "code": symbol(one.get("errorTitle"), one.get("errorCode")),
            "number": None if symbol(one.get("errorCode")) else text(one.get("errorCode")),
            "title": text(one.get("errorTitle")),
            "message": text(one.get("errorString")),
            "recommendations": [str(line) for line in one.get("recommendations") or ()],
        }
        for one in details or ()
    ]
