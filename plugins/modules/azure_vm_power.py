# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: azure_vm_power
short_description: Power and model of a virtual machine
version_added: 1.0.0
description:
  - Starts or deallocates a virtual machine, or applies its model again, and waits until it is so.
  - Starting and deallocating are undone by M(vmbackup.azure.azure_journal_restore). A machine that was shut down
    from inside and was deallocated stays deallocated. Applying the model again leaves nothing to undo.
options:
  id:
    description: Resource id of the virtual machine.
    type: str
    required: true
  state:
    description:
      - V(started) starts the machine.
      - V(deallocated) stops it and releases its resources; a dynamic public address is released, and data on
        the temporary disk is lost.
      - If omitted, the power state is not changed.
    type: str
    choices: [started, deallocated]
  reapply:
    description:
      - Applies the model of the machine again unless its provisioning state is Succeeded. This is done first.
      - At least one of O(state) and O(reapply) is required.
    type: bool
extends_documentation_fragment:
  - vmbackup.azure._azure
  - vmbackup.azure._azure.change
author:
  - vmbackup.azure contributors (@vmbackup)
seealso:
  - module: vmbackup.azure.azure_journal_restore
"""

EXAMPLES = r"""
- name: Deallocate a machine that was shut down from inside
  vmbackup.azure.azure_vm_power:
    id: "{{ machine_id }}"
    state: deallocated
  delegate_to: localhost

- name: Bring a failed machine back
  vmbackup.azure.azure_vm_power:
    id: "{{ machine_id }}"
    reapply: true
  delegate_to: localhost
"""

RETURN = r"""
run_id:
  description: The run under which the change is recorded.
  returned: always
  type: str
  sample: 20261126T220000Z-0badcafe
before:
  description: The states that were looked at (C(power), C(provisioning_state)) before the change.
  returned: success
  type: dict
  sample:
    power: stopped
after:
  description:
    - The states that were looked at (C(power), C(provisioning_state)) after the change, or in check mode as it
      would be.
  returned: success
  type: dict
  sample:
    power: deallocated
"""
