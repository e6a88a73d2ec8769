# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""What the metadata service says of this machine: which one it is in Azure, its disks, its addresses.

Only what is needed is kept: the answer holds tags, keys and user data that are nobody's business.
"""

PATH = "/metadata/instance?api-version=2021-12-13"
"""Of the first version with the security type."""


def read(answer):
    """The facts in an answer. Raises LookupError, AttributeError and TypeError for a page of something else."""
    first = (answer.get("network") or {}).get("interface", [{}])[0]
    addresses = [item.get("privateIpAddress") for item in (first.get("ipv4") or {}).get("ipAddress", [])]
    mac = first.get("macAddress") or ""
    compute = answer["compute"]
    return {
        "os_type": compute.get("osType"),
        "primary_address": addresses[0] if addresses else None,
        "further_addresses": addresses[1:],
        "primary_mac": ":".join(mac[at : at + 2] for at in range(0, len(mac), 2)).lower() or None,
        "compute": _compute(compute),
    }


def _compute(compute):
    storage = compute.get("storageProfile") or {}
    disks = [("os", storage.get("osDisk"))] + [("data", disk) for disk in storage.get("dataDisks") or ()]
    return {
        "resource_id": compute.get("resourceId") or None,
        "vm_id": compute.get("vmId") or None,
        "location": compute.get("location") or None,
        "size": compute.get("vmSize") or None,
        "computer_name": (compute.get("osProfile") or {}).get("computerName") or None,
        "security_type": (compute.get("securityProfile") or {}).get("securityType") or None,
        "disks": [_disk(role, disk) for role, disk in disks if disk],
    }


def _disk(role, disk):
    return {
        "name": disk.get("name") or None,
        "role": role,
        "sku": (disk.get("managedDisk") or {}).get("storageAccountType") or None,
        # The service writes flags as words.
        "write_accelerator": str(disk.get("writeAcceleratorEnabled")).lower() == "true",
        "ephemeral": (disk.get("diffDiskSettings") or {}).get("option") == "Local",
        "unmanaged": bool((disk.get("vhd") or {}).get("uri")),
    }
