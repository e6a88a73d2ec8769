# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the compute service has of a virtual machine: model, disks, extensions, agent, restore points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ._rows import Rows, at, items, parent, part, text, time

MACHINE = "Microsoft.Compute/virtualMachines"
_ON = "writeAcceleratorEnabled"


def machine(row: Mapping, addresses: list[str]) -> dict:
    """The section vm."""
    properties = row["properties"]
    profile = at(properties, "osProfile")
    settings = at(profile, "windowsConfiguration") or at(profile, "linuxConfiguration")
    agent = at(properties, "securityProfile", "proxyAgentSettings")
    image = at(properties, "storageProfile", "imageReference")
    power = text(properties, "extended", "instanceView", "powerState", "code")
    return {
        "read_from": row["id"],
        "id": row["id"],
        "name": row["name"],
        "resource_group": part(row["id"], "resourceGroups"),
        "subscription": part(row["id"], "subscriptions"),
        "location": row["location"],
        "vm_id": text(properties, "vmId"),
        "size": text(properties, "hardwareProfile", "vmSize") or "",
        "created": time(properties, "timeCreated"),
        "provisioning_state": text(properties, "provisioningState") or "",
        "power": power and power.rpartition("/")[2],
        "os_type": text(properties, "storageProfile", "osDisk", "osType"),
        "computer_name": text(profile, "computerName"),
        "allow_extensions": at(profile, "allowExtensionOperations"),
        "provision_agent": at(settings, "provisionVMAgent"),
        "security_type": text(properties, "securityProfile", "securityType"),
        "proxy_agent": agent
        and {"wire_server": text(agent, "wireServer", "mode"), "imds": text(agent, "imds", "mode")},
        "image": image and {name: text(image, name) for name in ("publisher", "offer", "sku")},
        "tags": dict(row.get("tags") or {}),
        "addresses": addresses,
    }


def extensions(rows: Rows) -> dict[str, list[dict]]:
    """The section extensions, by the id of the machine."""
    found: dict[str, list[dict]] = {}
    for row in rows.of_type(f"{MACHINE}/extensions"):
        properties = row["properties"]
        entry = {
            "read_from": row["id"],
            "name": row["name"],
            "type": f"{text(properties, 'publisher')}.{text(properties, 'type')}",
            "version": text(properties, "typeHandlerVersion"),
            "provisioning_state": text(properties, "provisioningState") or "",
            "message": None,
        }
        found.setdefault(parent(row["id"]).lower(), []).append(entry)
    return found


def disks(row: Mapping, rows: Rows) -> list[dict]:
    """The section disks: of each disk what the model says, and what its resource says."""
    storage = at(row["properties"], "storageProfile")
    models = [("os", at(storage, "osDisk")), *(("data", one) for one in items(storage, "dataDisks"))]
    return [_disk(role, model, rows) for role, model in models if model]


def _disk(role: str, model: Mapping, rows: Rows) -> dict:
    id_ = text(model, "managedDisk", "id")
    resource = rows.find(id_) or {}
    properties = at(resource, "properties")
    return {
        "read_from": id_ or text(model, "vhd", "uri") or "storageProfile",
        "name": text(model, "name") or "",
        "id": id_,
        "role": role,
        "lun": at(model, "lun"),
        "sku": text(resource, "sku", "name") or text(model, "managedDisk", "storageAccountType"),
        "size_gb": at(properties, "diskSizeGB") or at(model, "diskSizeGB"),
        "unmanaged": at(model, "vhd") is not None,
        "ephemeral": text(model, "diffDiskSettings", "option") == "Local",
        "write_accelerator": bool(at(model, _ON)),
        "being_detached": bool(at(model, "toBeDetached")),
        "shares": at(properties, "maxShares"),
        "data_access": text(properties, "dataAccessAuthMode"),
        "network_access": text(properties, "networkAccessPolicy"),
        "public_access": text(properties, "publicNetworkAccess"),
        "state": text(properties, "diskState"),
        "security_type": text(properties, "securityProfile", "securityType")
        or text(model, "managedDisk", "securityProfile", "securityEncryptionType"),
        "encryption_set": text(properties, "encryption", "diskEncryptionSetId"),
        "encryption_key_url": text(model, "encryptionSettings", "diskEncryptionKey", "secretUrl"),
    }


def encryption(found: list[Mapping], rows: Rows) -> dict:
    """The section encryption, of the disks of a machine. Keys and key vaults are not asked."""
    sets = []
    for id_ in sorted({disk["encryption_set"] for disk in found if disk["encryption_set"]}):
        properties = at(rows.find(id_), "properties")
        error = at(properties, "autoKeyRotationError")
        sets.append(
            {
                "read_from": id_,
                "id": id_,
                "provisioning_state": text(properties, "provisioningState"),
                "rotation_error": error and (text(error, "message") or text(error, "code")),
                "key_url": text(properties, "activeKey", "keyUrl"),
                "key": None,
            }
        )
    return {"sets": sets, "ade": None}


def points(rows: Rows) -> dict[str, list[dict]]:
    """Restore point collections by the id of the machine that they are of. How many points each holds is not asked."""
    found: dict[str, list[dict]] = {}
    for row in rows.of_type("Microsoft.Compute/restorePointCollections"):
        group = part(row["id"], "resourceGroups")
        source = text(row["properties"], "source", "id")
        entry = {
            "read_from": row["id"],
            "id": row["id"],
            "resource_group": group,
            "of_backup": row["name"].lower().startswith("azurebackup_"),
            "provisioning_state": text(row["properties"], "provisioningState"),
            "count": None,
            "oldest": None,
        }
        if source:
            found.setdefault(source.lower(), []).append(entry)
    return found


def agent(view: Mapping) -> dict | None:
    """The section agent, of an instance view; None when the view has no agent."""
    told = at(view, "vmAgent")
    if not told:
        return None
    status: Mapping = next(items(told, "statuses"), {})
    return {
        "version": text(told, "vmAgentVersion") or "Unknown",
        "status": text(status, "displayStatus") or "",
        "message": text(status, "message"),
        "time": time(status, "time"),
        "handlers": list(_handlers(told)),
    }


def _handlers(told: Mapping) -> Iterator[dict]:
    for handler in items(told, "extensionHandlers"):
        status = at(handler, "status")
        yield {
            "type": text(handler, "type") or "",
            "version": text(handler, "typeHandlerVersion"),
            "status": text(status, "displayStatus") or "",
            "code": text(status, "code"),
            "message": text(status, "message"),
        }
