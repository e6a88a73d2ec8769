# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: azure_vm_state_info
short_description: Read what Azure has of virtual machines and their backups
version_added: 1.0.0
description:
  - Reads the facts of virtual machines that decide on their backup - power, agent, extensions, disks, keys, restore
    points, locks, network rules, protected items, policies, vaults, jobs and assignments of Azure Policy.
  - Runs once for a fleet, on the controller, and only reads. 2,000 virtual machines take at most 60 requests if their
    vaults may be read, and one more for each key of disks or vaults and each vault that is nearly full; without
    O(agent_status) at most 10.
  - The roles Reader and Backup Reader suffice. What may not be read is in RV(gaps), with the permission that reads it.
requirements:
  - azure-core and azure-identity on the controller
options:
  subscriptions:
    description:
      - Ids of the subscriptions to read.
      - If empty, the one of E(AZURE_SUBSCRIPTION_ID) or of the profile; without these, all that the credentials can
        read.
    type: list
    elements: str
    default: []
    aliases: [subscription_id]
  resource_groups:
    description: Only virtual machines of these resource groups.
    type: list
    elements: str
    default: []
    aliases: [resource_group]
  names:
    description: Only virtual machines with these names.
    type: list
    elements: str
    default: []
    aliases: [name]
  ids:
    description: Only virtual machines with these resource ids, beside those of O(names).
    type: list
    elements: str
    default: []
    aliases: [id]
  agent_status:
    description:
      - Also reads the status of the agent and its extensions, details of what looks wrong, and whether a vault that may
        not be read protects a machine.
      - Without it only Resource Graph, locks and permissions are read, which takes few requests.
    type: bool
    default: true
  timeout:
    description: Seconds within which everything has to be read. What is not is a gap.
    type: int
    default: 300
extends_documentation_fragment: vmbackup.azure._azure
attributes:
  check_mode:
    description: The module only reads, in check mode as well.
    support: full
  diff_mode:
    description: The module changes nothing.
    support: none
  platform:
    description: The action runs on the controller.
    support: full
    platforms: posix
author:
  - vmbackup.azure contributors (@vmbackup)
seealso:
  - module: vmbackup.azure.fleet_report
  - module: vmbackup.azure.findings_info
"""

EXAMPLES = r"""
- name: Read all virtual machines that the credentials can see
  vmbackup.azure.azure_vm_state_info:
  run_once: true
  delegate_to: localhost
  register: azure

- name: Keep them for a diagnosis without Azure (diagnose_azure_state_file)
  ansible.builtin.copy:
    content: "{{ azure | ansible.builtin.to_json }}"
    dest: ./azure.json
    mode: '0600'
  run_once: true
  delegate_to: localhost

- name: Read two resource groups as a service principal, with few requests
  vmbackup.azure.azure_vm_state_info:
    subscriptions: [22222222-2222-2222-2222-222222222222]
    resource_groups: [prod-app, prod-db]
    agent_status: false
    client_id: "{{ backup_reader_client_id }}"
    secret: "{{ backup_reader_secret }}"
    tenant: "{{ backup_reader_tenant }}"
  run_once: true
  delegate_to: localhost

- name: Show which virtual machines are not protected
  ansible.builtin.debug:
    msg: "{{ known | rejectattr('protection.items') | map(attribute='vm.name') }}"
  vars:
    known: "{{ azure.vms | selectattr('protection', 'defined') }}"
"""

RETURN = r"""
schema:
  description: Version of the form of RV(vms).
  returned: success
  type: int
  sample: 1
read_at:
  description: When the reading began, UTC.
  returned: success
  type: str
  sample: '2026-03-02T06:00:00Z'
vms:
  description:
    - One state for each virtual machine; C(docs/azure-state.md) lists all facts.
    - Facts that could not be read are named in C(missing), with the reason.
  returned: success
  type: list
  elements: dict
  sample:
    - schema: 1
      platform: azure
      captured: '2026-03-02T06:00:00Z'
      missing:
        locks: 'forbidden:Microsoft.Authorization/locks/read'
      vm:
        name: web1
        power: running
        provisioning_state: Succeeded
      protection:
        items:
          - protection_state: Protected
            last_status: Completed
        former: []
gaps:
  description:
    - What could not be read - C(scope) (empty where it is no single one), C(what), C(permission) (null where that is
      not the reason) and C(reason).
    - A name or id of O(names) or O(ids) for which there is no virtual machine is a gap as well.
  returned: success
  type: list
  elements: dict
  sample:
    - scope: /subscriptions/22222222-2222-2222-2222-222222222222
      what: locks
      permission: Microsoft.Authorization/locks/read
      reason: 'no permission: Microsoft.Authorization/locks/read'
calls:
  description: Number of requests to the management API.
  returned: success
  type: int
  sample: 10
"""
