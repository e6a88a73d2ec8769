# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the saved virtual machines of the demo fleet, as Azure would show them beside its guests. All are made up."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Mapping
from types import MappingProxyType

HERE = pathlib.Path(__file__).parent
READ_AT = "2026-11-23T08:05:00Z"
SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
STARTED, ENDED = "2026-11-22T22:04:00Z", "2026-11-22T22:31:00Z"
WINDOWS_SNAPSHOT = "Microsoft.Azure.RecoveryServices.VMSnapshot"
HOSTS = [path.stem for path in sorted((HERE / "states").glob("*.json"))]

STANDARD = MappingProxyType({"name": "nightly", "type": "V1", "consistency": None})
ENHANCED = {"name": "nightly-enhanced", "type": "V2", "consistency": None}
CRASH_CONSISTENT = {"name": "crash-consistent", "type": "V2", "consistency": "OnlyCrashConsistent"}
"""Backup policies; only an Enhanced one (V2) lets the service fall back to a crash-consistent point."""


def machine(name: str, policy: Mapping | None = STANDARD, **changes) -> dict:
    """A healthy virtual machine. ``changes`` take the place of whole sections; no policy: nothing protects it."""
    where = f"prod-{name.split('-')[1]}"
    group = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{where}"
    points = f"AzureBackupRG_{where}_1"
    id_ = f"{group}/providers/Microsoft.Compute/virtualMachines/{name}"
    vault = f"{group}/providers/Microsoft.RecoveryServices/vaults/backup-{name.split('-')[1]}"
    location = {"eu": "westeurope", "us": "eastus"}[name.split("-")[1]]
    windows = name.startswith("win")
    snapshot = WINDOWS_SNAPSHOT if windows else f"{WINDOWS_SNAPSHOT}Linux"
    container = f"iaasvmcontainerv2;{where};{name}"
    state = {
        "schema": 1,
        "platform": "azure",
        "captured": READ_AT,
        "missing": {},
        "vm": {
            "read_from": id_,
            "id": id_,
            "name": name,
            "resource_group": where,
            "subscription": SUBSCRIPTION,
            "location": location,
            "vm_id": None,
            "size": "Standard_D2s_v5",
            "created": "2025-06-02T09:00:00Z",
            "provisioning_state": "Succeeded",
            "power": "running",
            "os_type": "Windows" if windows else "Linux",
            "computer_name": name,
            "allow_extensions": True,
            "provision_agent": True,
            "security_type": None,
            "proxy_agent": None,
            "image": None,
            "tags": {},
            "addresses": [],
        },
        "agent": {
            "read_from": f"{id_}/instanceView",
            "version": "2.7.41491.1183" if windows else "2.11.1.4",
            "status": "Ready",
            "message": "Guest Agent is running",
            "time": "2026-11-23T08:01:00Z",
            "handlers": [{"type": snapshot, "version": None, "status": "Ready", "code": None, "message": None}],
        },
        "extensions": [extension(snapshot, "Succeeded")],
        "disks": [
            {
                "name": f"{name}-os",
                "id": f"{group}/providers/Microsoft.Compute/disks/{name}-os",
                "role": "os",
                "lun": None,
                "sku": "Premium_LRS",
                "size_gb": 127 if windows else 64,
                **dict.fromkeys(("unmanaged", "ephemeral", "write_accelerator", "being_detached"), False),
                "shares": 1,
                "data_access": None,
                "network_access": "AllowAll",
                "public_access": "Enabled",
                "state": "Attached",
                "security_type": None,
                "encryption_set": None,
                "encryption_key_url": None,
            }
        ],
        "encryption": {"sets": [], "ade": None},
        "points": {
            "collections": [
                {
                    "id": f"{group.replace(where, points)}/providers/Microsoft.Compute/restorePointCollections/"
                    f"AzureBackup_{name}_1",
                    "resource_group": points,
                    "of_backup": True,
                    "provisioning_state": "Succeeded",
                    "count": 2,
                    "oldest": "2026-11-21T22:10:00Z",
                }
            ]
        },
        "locks": [],
        "network": {"interfaces": []},
        "protection": {
            "items": [
                {
                    "id": f"{vault}/backupFabrics/Azure/protectionContainers/{container}/protectedItems/vm;{container}",
                    "vault_id": vault,
                    "policy_id": policy and f"{vault}/backupPolicies/{policy['name']}",
                    "policy": policy and policy["name"],
                    "source_id": id_,
                    "protection_state": "Protected",
                    "protection_status": "Healthy",
                    "health_status": "Passed",
                    "health": [],
                    "last_status": "Completed",
                    "last_time": ENDED,
                    "last_point": STARTED,
                    "soft_deleted": False,
                }
            ],
            "former": [],
        },
        "policy": policy
        and {
            "id": f"{vault}/backupPolicies/{policy['name']}",
            **policy,
            "frequency": "Daily",
            "times": ["22:00"],
            "time_zone": "UTC",
            "interval_hours": 24,
            "instant_days": 2,
            "points_prefix": None,
            "points_suffix": None,
        },
        "vault": {
            "id": vault,
            "name": vault.rpartition("/")[2],
            "location": location,
            "subscription": SUBSCRIPTION,
            "redundancy": "GeoRedundant",
            "redundancy_locked": True,
            "public_access": "Enabled",
            "immutability": "Disabled",
            "soft_delete": "Enabled",
            "key_status": None,
            "used": 20,
            "limit": 1000,
        },
        "jobs": [job(f"{vault}/backupJobs/{name}")],
        "denials": [],
    }
    if policy is None:
        nothing: dict = {"items": [], "former": []}
        state.update(protection=nothing, vault=None, jobs=[], points={"collections": []})
    return {**state, **changes}


def extension(type_: str, state: str) -> dict:
    name = type_.rpartition(".")[2]
    return {"name": name, "type": type_, "version": None, "provisioning_state": state, "message": None}


def job(id_: str = "backupJobs/1", code: str | None = None, message: str | None = None) -> dict:
    """The backup of last night; with a code it failed."""
    error = {"code": code, "number": None, "title": code, "message": message, "recommendations": []}
    status = "Failed" if code else "Completed"
    known = {"id": id_, "operation": "Backup", "status": status, "started": STARTED, "ended": ENDED}
    return {**known, "seconds": 1620.0, "errors": [error] if code else [], "tasks": []}


def failed(name: str, code: str, message: str, policy: Mapping = STANDARD, **changes) -> dict:
    """A machine whose last backup failed."""
    made = machine(name, policy, **changes)
    made["jobs"] = [job(made["jobs"][0]["id"], code, message)]
    made["protection"]["items"][0].update(
        protection_status="Unhealthy", last_status="Failed", last_point="2026-11-21T22:04:00Z"
    )
    return made


def silent(name: str, code: str, message: str) -> dict:
    """A machine whose agent does not report any more."""
    made = failed(name, code, message)
    made["agent"].update(status="Not Ready", message="VM status blob is found but not yet populated.", handlers=[])
    return made


def shut_down_inside(name: str) -> dict:
    """Its owner chose Shut down in the guest: Azure still has it allocated."""
    made = machine(name)
    made["vm"]["power"] = "stopped"
    made["agent"] = None
    return made


def denied() -> list[dict]:
    """An assignment of Azure Policy that refuses groups without a tag, such as those of restore points."""
    scope = f"/subscriptions/{SUBSCRIPTION}"
    return [
        {
            "assignment": f"{scope}/providers/Microsoft.Authorization/policyAssignments/groups-need-tags",
            "name": "Groups need the tag costCenter",
            "definition": "/providers/Microsoft.Authorization/policyDefinitions/require-a-tag-on-groups",
            "effect": "deny",
            "scope": scope,
            "compliance": "NonCompliant",
            "about": "Microsoft.Resources/subscriptions/resourceGroups",
        }
    ]


REFUSED = "Resource 'AzureBackupRG_prod-eu_1' was disallowed by policy."
SILENT = "VM agent is unable to communicate with the Azure Backup service."
SPECIAL = {
    "app-eu-01": failed("app-eu-01", "UserErrorRequestDisallowedByPolicy", REFUSED, denials=denied()),
    "app-eu-02": machine("app-eu-02", denials=denied()),
    "app-eu-03": machine("app-eu-03", denials=denied()),
    "app-us-03": failed("app-us-03", "ExtensionInstallationFailure", "The snapshot extension cannot be installed."),
    "batch-eu-01": shut_down_inside("batch-eu-01"),
    "db-eu-01": machine("db-eu-01", policy=None),
    "db-us-01": machine("db-us-01", CRASH_CONSISTENT),
    "erp-eu-01": machine("erp-eu-01", extensions=[extension(f"{WINDOWS_SNAPSHOT}Linux", "Updating")]),
    "old-eu-01": machine("old-eu-01", policy=None),
    "web-us-02": silent("web-us-02", "UserErrorGuestAgentStatusUnavailable", SILENT),
    "win-us-01": failed("win-us-01", "ExtensionFailedVssWriterInBadState", "VSS writers are in a bad state.", ENHANCED),
    "win-us-02": silent("win-us-02", "UserErrorGuestAgentStatusUnavailable", SILENT),
}
"""Machines that show something of their own. Two of them have no saved guest."""


def machines() -> list[dict]:
    return [SPECIAL.get(name) or machine(name) for name in sorted({*HOSTS, *SPECIAL})]


def main() -> None:
    fleet = {"schema": 1, "read_at": READ_AT, "vms": machines(), "gaps": []}
    (HERE / "azure.json").write_text(json.dumps(fleet, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
