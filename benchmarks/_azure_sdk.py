# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads with Microsoft's management packages what a diagnosis reads of Azure, one list after another."""

import os

from azure.identity import ClientSecretCredential
from azure.mgmt.compute import ComputeManagementClient
from azure.mgmt.network import NetworkManagementClient
from azure.mgmt.recoveryservices import RecoveryServicesClient
from azure.mgmt.recoveryservicesbackup import RecoveryServicesBackupClient

URL, SUBSCRIPTIONS = os.environ["AZURE_STANDIN_URL"], os.environ["STANDIN_SUBSCRIPTIONS"].split(",")
credential = ClientSecretCredential(
    os.environ["AZURE_TENANT_ID"],
    os.environ["AZURE_CLIENT_ID"],
    os.environ["AZURE_CLIENT_SECRET"],
    authority=URL,
    disable_instance_discovery=True,
)
PLACE = {"base_url": URL, "credential_scopes": [f"{URL}/.default"]}
machines = 0
for subscription in SUBSCRIPTIONS:
    compute = ComputeManagementClient(credential, subscription, **PLACE)
    network = NetworkManagementClient(credential, subscription, **PLACE)
    vaults = RecoveryServicesClient(credential, subscription, **PLACE).vaults
    backup = RecoveryServicesBackupClient(credential, subscription, **PLACE)
    machines += len(list(compute.virtual_machines.list_all()))
    list(compute.virtual_machines.list_all(status_only="true"))
    list(compute.disks.list())
    list(network.network_interfaces.list_all())
    list(network.network_security_groups.list_all())
    for vault in vaults.list_by_subscription_id():
        group = vault.id.split("/")[4]
        list(backup.backup_protected_items.list(vault.name, group))
        list(backup.backup_jobs.list(vault.name, group))
        list(backup.backup_policies.list(vault.name, group))
print(machines)
