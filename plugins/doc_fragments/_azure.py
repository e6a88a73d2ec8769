# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options and attributes of the modules that speak to Azure. Private to the collection."""


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  auth_source:
    description:
      - Where the credentials come from, as in the collection C(azure.azcollection). If empty, the value of
        E(ANSIBLE_AZURE_AUTH_SOURCE), else V(auto).
      - V(auto) takes the options below, else the environment, else the credentials file, else workload identity, a
        managed identity or the Azure CLI.
      - V(env) takes E(AZURE_CLIENT_ID), E(AZURE_SECRET) and E(AZURE_TENANT), or the variables of azure-identity.
      - V(credential_file) takes a profile of C(~/.azure/credentials), V(cli) the Azure CLI, V(msi) a managed identity.
    type: str
    choices: [auto, env, credential_file, cli, msi]
  profile:
    description: The profile in C(~/.azure/credentials). If empty, the value of E(AZURE_PROFILE), else V(default).
    type: str
  client_id:
    description: Client id of the service principal, or of a user-assigned managed identity.
    type: str
  secret:
    description: Secret of the service principal.
    type: str
  tenant:
    description: Tenant of the service principal, of workload identity, or, with O(auth_source=cli), of the Azure CLI.
    type: str
  cloud_environment:
    description:
      - The cloud - V(AzureCloud), V(AzureChinaCloud), V(AzureUSGovernment), a name that E(ARM_CLOUD_METADATA_URL)
        lists, or the address of a management API.
      - If empty, the value of E(AZURE_CLOUD_ENVIRONMENT), else V(AzureCloud).
    type: str
"""

    CHANGE = r"""
options:
  azure:
    description:
      - A mapping from which the options of sign-in are taken that the task does not have, such as C(diagnose_azure) of
        the role P(vmbackup.azure.diagnose#role). Anything else in it is ignored.
    type: raw
  timeout:
    description:
      - Seconds within which everything has to be done, the waiting for Azure included. An operation that Azure has
        begun goes on; the next run waits for it.
    type: int
    default: 1800
  run_id:
    description:
      - The run of the journal under which the change is recorded, so that M(vmbackup.azure.azure_journal_restore) can
        undo several tasks together. At most 64 letters, digits, V(.), V(_) and V(-).
      - If omitted, each call creates its own run.
    type: str
  report_dir:
    description: The report directory; the journal of changes in Azure is in C(azure-journal) below it.
    type: path
    default: ./vmbackup-report
requirements:
  - azure-core and azure-identity on the controller
attributes:
  check_mode:
    description: Reads Azure and returns what would change, without changing anything.
    support: full
  diff_mode:
    description: Nothing is shown with C(--diff).
    support: none
  platform:
    description: The action runs on the controller. Nothing is sent to the host of the task.
    support: full
    platforms: posix
notes:
  - Retries and waits as Azure asks. A resource with an ETag is changed only if no one else has changed it since it was
    read.
"""
