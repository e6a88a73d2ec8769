# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: azure_backup_policy_assignment
short_description: Policy by which a virtual machine is backed up
version_added: 1.0.0
description:
  - Moves a protected virtual machine to another policy of its vault.
  - Azure does not move a machine from an Enhanced policy to a Standard one. This is refused before anything is
    changed, and a move from a Standard policy to an Enhanced one is not undone.
  - Any other move is undone by M(vmbackup.azure.azure_journal_restore).
options:
  id:
    description: Resource id of the virtual machine. It must be protected by one vault.
    type: str
    required: true
  policy:
    description: Name or resource id of the policy.
    type: str
    required: true
  current_policy:
    description:
      - Name or resource id of the policy that the machine has when the move is planned. If it has another one by now,
        except O(policy), nothing is changed.
    type: str
extends_documentation_fragment:
  - vmbackup.azure._azure
  - vmbackup.azure._azure.change
author:
  - vmbackup.azure contributors (@vmbackup)
seealso:
  - module: vmbackup.azure.azure_backup_schedule
  - module: vmbackup.azure.azure_journal_restore
"""

EXAMPLES = r"""
- name: Back up a machine in the evening
  vmbackup.azure.azure_backup_policy_assignment:
    id: "{{ machine_id }}"
    policy: evening
  delegate_to: localhost
"""

RETURN = r"""
run_id:
  description: The run under which the change is recorded.
  returned: always
  type: str
  sample: 20261126T220000Z-0badcafe
before:
  description: Resource id of the policy before the change.
  returned: success
  type: str
  sample: /subscriptions/.../vaults/prod-vault/backupPolicies/DefaultPolicy
after:
  description: Resource id of the policy after the change, or in check mode as it would be.
  returned: success
  type: str
  sample: /subscriptions/.../vaults/prod-vault/backupPolicies/evening
"""
