# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: azure_vm_extension
short_description: Remove the snapshot extension of a virtual machine
version_added: 1.0.0
description:
  - Removes VMSnapshot or VMSnapshotLinux, so that the next backup installs it again. The machine must run, and
    its agent must be ready.
  - Finds the extension by its publisher and type, whatever its name is, also where only the agent reports it.
  - There is nothing to undo.
options:
  id:
    description: Resource id of the virtual machine.
    type: str
    required: true
  state:
    description: The extension is removed.
    type: str
    choices: [absent]
    default: absent
extends_documentation_fragment:
  - vmbackup.azure._azure
  - vmbackup.azure._azure.change
author:
  - vmbackup.azure contributors (@vmbackup)
seealso:
  - module: vmbackup.azure.snapshot_extension
  - module: vmbackup.azure.win_snapshot_extension
"""

EXAMPLES = r"""
- name: Have the next backup install the snapshot extension again
  vmbackup.azure.azure_vm_extension:
    id: "{{ machine_id }}"
  delegate_to: localhost
"""

RETURN = r"""
run_id:
  description: The run under which the change is recorded.
  returned: always
  type: str
  sample: 20261126T220000Z-0badcafe
before:
  description: The snapshot extensions of the machine by name, each with C(type) and C(state) before the change.
  returned: success
  type: dict
  sample:
    VMSnapshotLinux:
      state: Failed
      type: VMSnapshotLinux
after:
  description:
    - The snapshot extensions of the machine by name, each with C(type) and C(state) after the change, or in
      check mode as it would be.
  returned: success
  type: dict
  sample: {}
"""
