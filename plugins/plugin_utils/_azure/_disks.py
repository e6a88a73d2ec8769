# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sections ``disks`` and ``encryption`` of a machine's state: its model, its disks, their keys."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from ._estate import Estate
from ._values import choice, key, part, text, time

READ_DISKS = "Microsoft.Compute/disks/read"
READ_SETS = "Microsoft.Compute/diskEncryptionSets/read"
READ_KEY_VAULTS = "Microsoft.KeyVault/vaults/read"
_OF_SECRETS = {"secrets": ("get", "list")}
_OF_KEYS = {**_OF_SECRETS, "keys": ("get", "list", "backup")}
"""Without these, no key vault lets Azure Backup read what it needs: a secret, or one that a key of the vault wraps."""

_OF_RESOURCE = {
    "shares": "shares",
    "data_access": "dataAccess",
    "network_access": "networkAccess",
    "public_access": "publicAccess",
    "state": "diskState",
    "security_type": "security",
}
"""Facts that only the disk's own resource has."""


def read(row: Mapping, estate: Estate, state: dict) -> None:
    """Puts the sections into the state."""
    storage = row["facts"].get("storage") or {}
    models = [(storage["osDisk"], "os")] if storage.get("osDisk") else []
    models += [(one, "data") for one in storage.get("dataDisks") or ()]
    state["disks"] = [_disk(model, role, estate, state["missing"]) for model, role in models]
    state["encryption"] = {}
    sets = {key(disk["encryption_set"]): disk["encryption_set"] for disk in state["disks"] if disk["encryption_set"]}
    if unseen := next((id_ for id_ in sets.values() if key(id_) not in estate.shared), None):
        state["missing"]["encryption.sets"] = estate.unseen(READ_SETS, unseen)
    else:
        state["encryption"]["sets"] = [estate.made(id_, _set) for id_ in sets]
    settings = next((found for model, _role in models if (found := _settings(model, estate))), None)
    state["encryption"]["ade"] = _ade(settings, estate, state["missing"]) if settings else None


def _disk(model: Mapping, role: str, estate: Estate, missing: dict[str, str]) -> dict:
    managed = model.get("managedDisk") or {}
    resource = estate.disks.get(key(managed.get("id")))
    facts = (resource or {}).get("facts") or {}
    # A disk on the host's own storage is in the model of the machine only.
    ephemeral = choice((model.get("diffDiskSettings") or {}).get("option")) == "Local"
    disk = {
        "name": model.get("name") or "",
        "id": text(managed.get("id")),
        "role": role,
        "lun": model.get("lun"),
        "sku": choice(text(facts.get("sku") or managed.get("storageAccountType"))),
        "size_gb": facts.get("size") or model.get("diskSizeGB"),
        "unmanaged": bool(model.get("vhd")),
        "ephemeral": ephemeral,
        "write_accelerator": bool(model.get("writeAcceleratorEnabled")),
        "being_detached": bool(model.get("toBeDetached")),
        "encryption_set": text(facts.get("encryption") or (managed.get("diskEncryptionSet") or {}).get("id")),
        "encryption_key_url": _key_url(_settings(model, estate)),
        "read_from": managed.get("id") or (model.get("vhd") or {}).get("uri") or "",
    }
    if resource is None and managed.get("id") and not ephemeral:
        reason = estate.unseen(READ_DISKS, managed["id"])
        missing.update({f"disks.{name}": reason for name in (*_OF_RESOURCE, "created")})
    else:
        disk["created"] = time(facts.get("created"))
        disk.update({name: choice(facts.get(word)) or None for name, word in _OF_RESOURCE.items()})
    return disk


def _settings(model: Mapping, estate: Estate) -> Mapping | None:
    """Settings of Azure Disk Encryption: in the model of the machine, or with the disk since its newer release."""
    own = model.get("encryptionSettings") or {}
    if own.get("enabled"):
        return own
    resource = estate.disks.get(key((model.get("managedDisk") or {}).get("id")))
    return next(iter((resource or {}).get("facts", {}).get("encryptionSettings") or ()), None)


def _key_url(settings: Mapping | None) -> str | None:
    secret, wrapping = ((settings or {}).get(name) or {} for name in ("diskEncryptionKey", "keyEncryptionKey"))
    return text(wrapping.get("keyUrl") or secret.get("secretUrl"))


def _set(row: Mapping) -> dict:
    facts = row["facts"]
    error = facts.get("rotationError") or {}
    return {
        "id": row["id"],
        "provisioning_state": choice(facts.get("state")),
        "rotation_error": text(error.get("message") or error.get("code")),
        "key_url": text((facts.get("key") or {}).get("keyUrl")),
        "key": None,
        "read_from": row["id"],
    }


def _ade(settings: Mapping, estate: Estate, missing: dict[str, str]) -> dict:
    vault_id = text(((settings.get("diskEncryptionKey") or {}).get("sourceVault") or {}).get("id"))
    ade = {"vault_id": vault_id, "read_from": vault_id or ""}
    if vault_id is None:
        return {**ade, "vault_location": None, "vault_subscription": None, "readable": None}
    ade["vault_subscription"] = part(vault_id, "subscriptions")
    vault = estate.shared.get(key(vault_id))
    if vault is None:
        reason = estate.unseen(READ_KEY_VAULTS, vault_id)
        missing.update({f"encryption.ade.{name}": reason for name in ("vault_location", "readable")})
        return ade
    wrapping = text(((settings.get("keyEncryptionKey") or {}).get("sourceVault") or {}).get("id"))
    needed = _OF_KEYS if wrapping is not None and key(wrapping) == key(vault_id) else _OF_SECRETS
    return {**ade, "vault_location": vault["location"], "readable": _readable(vault["facts"], needed)}


def _readable(vault: Mapping, needed: Mapping[str, Collection[str]]) -> bool | None:
    """False where nobody may do what Azure Backup has to; whether it is the one who may, the vault does not say."""
    if vault.get("rbac") or vault.get("access") is None:
        return None
    given = [one.get("permissions") or {} for one in vault.get("access") or ()]
    fits = any(all(_may(one.get(kind), words) for kind, words in needed.items()) for one in given)
    return None if fits else False


def _may(permissions: Iterable[str] | None, needed: Collection[str]) -> bool:
    words = {one.lower() for one in permissions or ()}
    return "all" in words or words.issuperset(needed)
