# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies and protected machines, as the spreading of start times needs them."""

from __future__ import annotations

import collections
from collections.abc import Sequence

from ..._facts.azure.protection import UNORDERED
from ..._schedules._policies import Item, Policy, policy
from .._client import Client
from .._error import AzureError
from .._estate import Estate
from .._gather import rights
from .._protection import READ_ITEMS, deleted, source_of, vault_of
from .._selection import elsewhere, query
from .._values import choice


def read(client: Client, places: Sequence[str]) -> tuple[list[Policy], list[Item]]:
    """All of the subscriptions, or of those that can be read."""
    policies, items = [], []
    for row in client.query(query("protection", selection=""), places):
        given = row["properties"]
        if row["type"].lower().endswith("/backuppolicies"):
            policies.append(policy(row["id"], row["name"], vault_of(row["id"]).lower(), given))
        elif given.get("policyId") and choice(given.get("protectionState")) not in UNORDERED and not deleted(given):
            items.append(Item(row["id"], source_of(row), given["policyId"]))
    return policies, items


def missed(client: Client, places: Sequence[str]) -> list[dict]:
    """What a plan for these subscriptions may lack: vaults of theirs that may not be read, and those of others that
    protect machines of theirs."""
    if not places:
        return []
    estate = Estate(())
    found: list[dict] = []
    estate.rights = {place.lower(): answer for place, answer in rights(client, places).items()}
    for place in places:
        scope, unread = f"/subscriptions/{place}", estate.rights[place.lower()]
        if isinstance(unread, AzureError):
            found.append({"scope": scope, "permission": unread.permission, "reason": str(unread)})
        elif not estate.may(READ_ITEMS, place):
            reason = "its vaults may not all be read"
            found.append({"scope": scope, "permission": READ_ITEMS, "reason": reason})
    vaults = collections.Counter(
        vault_of(row["id"]) for row in client.query(query("protection", selection=elsewhere(places)), ())
    )
    for vault, number in sorted(vaults.items()):
        reason = f"it protects {number:,} VM{'s' * (number > 1)} of these subscriptions and is in another one"
        found.append({"scope": vault, "permission": None, "reason": reason})
    return found
