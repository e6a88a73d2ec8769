# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The protected item of a virtual machine: its policy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._api_versions import BACKUP
from .._client import Client
from .._error import AzureError
from .._protection import deleted, vault_of
from .._selection import query, quoted
from .._values import key, last
from ._kind import Kind, Nothing, Refused, Seen

_MACHINES = "AzureIaasVM"


class Assignment(Kind):
    """The policy by which a machine is backed up."""

    name, noun = "policy_assignment", "policy of"

    def read(self, id_: str) -> Seen:
        item = self.client.get(id_, BACKUP)
        return Seen(item["properties"].get("policyId"), item.get("eTag") or item.get("etag"), document=item)

    def write(self, id_: str, value: Any, seen: Seen) -> None:
        given = seen.document["properties"]
        kept = {
            name: given[name]
            for name in ("protectedItemType", "sourceResourceId", "extendedProperties")
            if name in given
        }
        what = f"Assign policy '{last(value)}'"
        self.send("PUT", id_, BACKUP, what, {"properties": {**kept, "policyId": value}}, seen.etag)

    def resolve(self, item_id: str, policy: str, seen: Seen) -> str:
        """The id of a policy, by name or id. Raises AzureError where the machine cannot move to it."""
        if not seen.value:
            raise Refused(
                f"Cannot assign policy '{last(policy)}': protection of the machine is stopped. Resume it in its vault"
            )
        wanted = policy if policy.startswith("/") else f"{vault_of(item_id)}/backupPolicies/{policy}"
        if key(vault_of(wanted)) != key(vault_of(item_id)):
            raise AzureError(f"Cannot assign policy '{last(wanted)}': it is in another vault than the machine's item")
        if key(wanted) == key(seen.value):
            return seen.value
        kind = self._kind(wanted)
        if self._kind(seen.value) == "V2" and kind != "V2":
            raise AzureError(
                f"Cannot assign policy '{last(wanted)}': Azure does not move a machine from an Enhanced policy to a"
                " Standard one"
            )
        return wanted

    def expect(self, item_id: str, policy: str, wanted: str, seen: Seen) -> None:
        """Raises Refused where the policy is neither the expected one, by name or id, nor the wanted one."""
        if key(policy) not in (key(seen.value), key(last(seen.value))) and key(seen.value) != key(wanted):
            raise Refused(
                f"Cannot change policy of '{last(item_id).rpartition(';')[2]}': it is '{last(seen.value)}', not"
                f" '{last(policy)}' as expected; someone else has changed it. Nothing was changed; run again"
            )

    def same(self, one: Any, other: Any) -> bool:
        return key(one) == key(other)

    def undone(self, entry: Mapping) -> Any:
        if (self._kind(entry["before"]), self._kind(entry["after"])) == ("V1", "V2"):
            raise Nothing("Azure does not move a machine from an Enhanced policy back to a Standard one")
        return entry["before"]

    def _kind(self, policy_id: str | None) -> str | None:
        if not policy_id:
            return None
        given = self.client.get(policy_id, BACKUP)["properties"]
        if (given.get("backupManagementType") or _MACHINES) != _MACHINES:
            raise Refused(f"Cannot assign policy '{last(policy_id)}': it is not a policy of virtual machines")
        return given.get("policyType") or "V1"


def item_of(client: Client, machine_id: str) -> str:
    """The id of the item that protects a machine. Raises AzureError where there is none, or more than one."""
    # Its vault may be in any subscription.
    mine = list(client.query(query("protection", selection=f"| where source == {quoted([key(machine_id)])}"), ()))
    found = [row["id"] for row in mine if not deleted(row["properties"])]
    if len(found) != 1:
        none = "its item is deleted; undelete it in its vault" if mine else "no vault protects it"
        many = f"it is protected in {len(found)} places" if found else none
        raise Refused(f"Cannot find the backup of '{last(machine_id)}': {many}")
    return found[0]
