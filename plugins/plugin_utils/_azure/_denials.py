# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sections ``denials`` and ``locks``: what of Azure Policy and of the locks applies to a machine and its points."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ._estate import EXTENSION, POINTS, Estate, parts
from ._values import choice, group_id, key, last, part, text, within

READ_STATES = "Microsoft.PolicyInsights/policyStates/read"
_LOCK = "/providers/microsoft.authorization/locks/"
_ABOVE = "/providers/microsoft.management/managementgroups/"
_POINTS_PREFIX = "AzureBackupRG_"
_BLOB = re.compile(r"https?://([^./]+)\.")
"""The address of an unmanaged disk begins with the name of its storage account."""
_DEPLOYS = "deployifnotexists"
_EFFECTS = {_DEPLOYS: "deployIfNotExists", "denyaction": "denyAction"}


def read_denials(rows: Iterable[Mapping], machine: Mapping, estate: Estate, state: dict) -> None:
    """Puts the section ``denials`` into the state, from the rows of policies.kql."""
    points = parts(machine, POINTS)
    mine = {key(one["id"]) for one in (machine, *points, *parts(machine, EXTENSION))}
    mine |= {key(group_id(one["id"])) for one in points}
    state["denials"] = [
        {
            "assignment": row["id"],
            "name": text(row.get("displayed")) or last(row["id"]),
            "definition": row["definition"],
            "effect": _EFFECTS.get(row["effect"], row["effect"]),
            "scope": row["scope"],
            "compliance": "NonCompliant" if mine & set(row.get("against") or ()) else None,
            "about": text(row.get("deployed") if row["effect"] == _DEPLOYS else row.get("judged")),
            "read_from": row["id"],
        }
        for row in rows
        if key(row["scope"]).startswith(_ABOVE) or any(within(id_, row["scope"]) for id_ in mine)
    ]
    if not state["denials"] and not estate.may(READ_STATES, machine["subscriptionId"]):
        del state["denials"]
        state["missing"]["denials"] = estate.unseen(READ_STATES, machine["id"])


def read_locks(found: Iterable[Mapping], machine: Mapping, state: dict) -> None:
    """Puts the section ``locks`` into the state: those over the machine, the storage accounts of its disks, or the
    groups of its restore points."""
    points = [one["id"] for one in parts(machine, POINTS)]
    places = [machine["id"], *points]
    accounts = {match[1].lower() for disk in state.get("disks", ()) if (match := _BLOB.match(disk["read_from"]))}
    state["locks"] = [
        {
            "id": lock["id"],
            "name": lock["name"],
            "level": choice(lock["properties"]["level"]),
            "scope": scope,
            "read_from": lock["id"],
        }
        for lock in found
        for scope in (lock["id"][: lock["id"].lower().rindex(_LOCK)],)
        if any(within(place, scope) for place in places)
        or part(scope, "storageAccounts").lower() in accounts
        or not points
        and _is_of_points(scope, state)
    ]


def _is_of_points(scope: str, state: Mapping) -> bool:
    """The scope lies in a group that Azure Backup makes for restore points, perhaps later."""
    named = (state.get("policy") or {}).get("points_prefix") or _POINTS_PREFIX
    return part(scope, "resourceGroups").lower().startswith(named.lower())
