# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies and protected machines, as the spreading of start times needs them."""

from __future__ import annotations

from collections.abc import Sequence

from ..._schedules._policies import Item, Policy, policy
from .._client import Client
from .._gather import query
from .._protection import deleted, source_of, vault_of
from .._values import choice

_STOPPED = ("ProtectionStopped", "ProtectionPaused", "BackupsSuspended")
"""Items without backups."""


def read(client: Client, places: Sequence[str]) -> tuple[list[Policy], list[Item]]:
    """All of the subscriptions, or of those that can be read."""
    policies, items = [], []
    for row in client.query(query("protection", selection=""), places):
        given = row["properties"]
        if row["type"].lower().endswith("/backuppolicies"):
            policies.append(policy(row["id"], row["name"], vault_of(row["id"]).lower(), given))
        elif given.get("policyId") and choice(given.get("protectionState")) not in _STOPPED and not deleted(given):
            items.append(Item(row["id"], source_of(row), given["policyId"]))
    return policies, items
