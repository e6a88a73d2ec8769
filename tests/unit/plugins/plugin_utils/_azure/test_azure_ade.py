# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may read the key vault of Azure Disk Encryption: keys matter only where one of this vault wraps the secret."""

from types import SimpleNamespace

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure import _disks

VAULT = "/subscriptions/s/resourceGroups/keys/providers/Microsoft.KeyVault/vaults/one"
OTHER = VAULT.replace("one", "other")
SECRETS_ONLY = {"secrets": ["Get", "List", "Backup"]}
WITH_KEYS = {"keys": ["get", "list", "backup"], "secrets": ["get", "list"]}


@pytest.mark.parametrize(
    ("wrapping", "given", "readable"),
    [
        (None, SECRETS_ONLY, None),
        (OTHER, SECRETS_ONLY, None),
        (VAULT, SECRETS_ONLY, False),
        (VAULT.upper(), WITH_KEYS, None),
        (VAULT, {"keys": ["all"], "secrets": ["all"]}, None),
        (None, {"secrets": ["get"]}, False),
        (None, {}, False),
    ],
)
def test_what_the_policies_of_a_key_vault_prove(wrapping, given, readable):
    settings = {"diskEncryptionKey": {"sourceVault": {"id": VAULT}}}
    if wrapping:
        settings["keyEncryptionKey"] = {"sourceVault": {"id": wrapping}}
    facts = {"rbac": False, "access": [{"objectId": "b", "permissions": given}]}
    estate = SimpleNamespace(shared={_disks.key(VAULT): {"location": "westeurope", "facts": facts}})
    assert _disks._ade(settings, estate, {})["readable"] is readable
