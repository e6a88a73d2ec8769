# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A healthy virtual machine as Azure has it, and what tests change of it."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

SUBSCRIPTION = "/subscriptions/22222222-2222-2222-2222-222222222222"
GROUP = f"{SUBSCRIPTION}/resourceGroups/prod"
VM = f"{GROUP}/providers/Microsoft.Compute/virtualMachines/web1"
VAULT = f"{GROUP}/providers/Microsoft.RecoveryServices/vaults/backup"
POINTS = f"{SUBSCRIPTION}/resourceGroups/AzureBackupRG_westeurope_1"
NOW = "2026-03-02T06:00:00Z"
NIGHT = "2026-03-01T22:31:00Z"

ITEM = {
    "id": f"{VAULT}/backupFabrics/Azure/protectionContainers/c/protectedItems/vm;iaasvmcontainerv2;prod;web1",
    "vault_id": VAULT,
    "policy_id": f"{VAULT}/backupPolicies/nightly",
    "policy": "nightly",
    "source_id": VM,
    "protection_state": "Protected",
    "protection_status": "Healthy",
    "health_status": "Passed",
    "health": [],
    "last_status": "Completed",
    "last_time": NIGHT,
    "last_point": NIGHT,
    "soft_deleted": False,
}
DISK = {
    "name": "web1-os",
    "id": f"{GROUP}/providers/Microsoft.Compute/disks/web1-os",
    "role": "os",
    "lun": None,
    "sku": "Premium_LRS",
    "created": "2025-01-01T00:00:00Z",
    "size_gb": 64,
    "unmanaged": False,
    "ephemeral": False,
    "write_accelerator": False,
    "being_detached": False,
    "shares": 1,
    "data_access": None,
    "network_access": "AllowAll",
    "public_access": "Enabled",
    "state": "Attached",
    "security_type": None,
    "encryption_set": None,
    "encryption_key_url": None,
}
JOB = {
    "id": f"{VAULT}/backupJobs/1",
    "operation": "Backup",
    "status": "Completed",
    "started": "2026-03-01T22:00:00Z",
    "ended": NIGHT,
    "seconds": 1860.0,
    "errors": [],
    "tasks": [],
}
FAILED_JOB = {
    **JOB,
    "status": "Failed",
    "errors": [
        {
            "code": "UserErrorGuestAgentStatusUnavailable",
            "number": None,
            "title": "UserErrorGuestAgentStatusUnavailable",
            "message": "VM agent unable to communicate with Azure Backup.",
            "recommendations": [],
        }
    ],
}
_HEALTHY = {
    "schema": 1,
    "platform": "azure",
    "captured": NOW,
    "missing": {},
    "vm": {
        "id": VM,
        "name": "web1",
        "resource_group": "prod",
        "subscription": SUBSCRIPTION.rpartition("/")[2],
        "location": "westeurope",
        "vm_id": "c1f0a8a2-0000-0000-0000-000000000001",
        "size": "Standard_D2s_v5",
        "created": "2025-01-01T00:00:00Z",
        "provisioning_state": "Succeeded",
        "power": "running",
        "os_type": "Linux",
        "computer_name": "web1",
        "allow_extensions": True,
        "provision_agent": True,
        "security_type": None,
        "proxy_agent": None,
        "image": {"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server"},
        "tags": {},
        "addresses": ["10.0.1.4"],
    },
    "agent": {
        "version": "2.9.1.1",
        "status": "Ready",
        "message": "Guest Agent is running",
        "time": "2026-03-02T05:58:00Z",
        "handlers": [
            {
                "type": "Microsoft.Azure.RecoveryServices.VMSnapshotLinux",
                "version": "1.0.9232.0",
                "status": "Ready",
                "code": "ProvisioningState/succeeded",
                "message": None,
            }
        ],
    },
    "extensions": [
        {
            "name": "VMSnapshotLinux",
            "type": "Microsoft.Azure.RecoveryServices.VMSnapshotLinux",
            "version": "1.0",
            "provisioning_state": "Succeeded",
            "message": None,
        }
    ],
    "disks": [DISK],
    "encryption": {"sets": [], "ade": None},
    "points": {
        "collections": [
            {
                "id": f"{POINTS}/providers/Microsoft.Compute/restorePointCollections/AzureBackup_web1_1",
                "resource_group": "AzureBackupRG_westeurope_1",
                "of_backup": True,
                "provisioning_state": "Succeeded",
                "count": 2,
                "oldest": "2026-02-28T22:00:00Z",
            }
        ]
    },
    "locks": [],
    "network": {
        "interfaces": [
            {
                "id": f"{GROUP}/providers/Microsoft.Network/networkInterfaces/web1",
                "addresses": ["10.0.1.4"],
                "subnet": f"{GROUP}/providers/Microsoft.Network/virtualNetworks/net/subnets/app",
                "security_groups": [],
                "denies": [],
                "allows": [],
                "routes": [],
            }
        ]
    },
    "protection": {"items": [ITEM], "former": []},
    "policy": {
        "id": ITEM["policy_id"],
        "name": "nightly",
        "type": "V2",
        "consistency": None,
        "frequency": "Daily",
        "times": ["22:00"],
        "time_zone": "UTC",
        "interval_hours": 24,
        "instant_days": 2,
        "points_prefix": None,
        "points_suffix": None,
    },
    "vault": {
        "id": VAULT,
        "name": "backup",
        "location": "westeurope",
        "subscription": SUBSCRIPTION.rpartition("/")[2],
        "redundancy": "GeoRedundant",
        "redundancy_locked": True,
        "public_access": "Enabled",
        "immutability": "Disabled",
        "soft_delete": "Enabled",
        "key_status": None,
        "used": 12,
        "limit": 1000,
    },
    "jobs": [JOB],
    "denials": [],
}


def azure_state(**changes: Any) -> dict:
    """The healthy machine; a mapping changes facts of a section, anything else takes its place.

    ``missing={"locks": "..."}`` takes the named facts away and says why.
    """
    state: dict = copy.deepcopy(_HEALTHY)
    for name, change in changes.items():
        if isinstance(change, Mapping) and isinstance(state.get(name), dict):
            state[name].update(change)
        else:
            state[name] = change
    for path in state["missing"]:
        *above, last = path.split(".")
        node = state
        for part in above:
            node = node[part]
        node.pop(last, None)
    return state
