# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: azure_backup_run
short_description: Back up a virtual machine now
version_added: 1.0.0
description:
  - Triggers an on-demand backup of a protected virtual machine, shows the progress of its tasks, and returns the
    result in the words of the service. A backup that is already under way is followed instead, unless O(fresh=true).
  - Fails when the backup fails. There is nothing to undo; the recovery point stays until its retention ends.
options:
  id:
    description: Resource id of the virtual machine.
    type: str
    required: true
  wait:
    description:
      - Until when the backup is followed - the end of the snapshot, or of the job with its transfer to the
        vault.
    type: str
    choices: [snapshot, job]
    default: snapshot
  keep_days:
    description: Days for which the recovery point is kept.
    type: int
    default: 30
  most_in_24h:
    description:
      - No backup is triggered when so many have begun within 24 hours, scheduled ones included. Azure takes 9
        attempts a
        day at most, and 3 recovery points.
    type: int
    choices: [1, 2, 3, 4, 5, 6, 7, 8, 9]
    default: 3
  fresh:
    description:
      - Wait for the end of a backup that is already under way, and trigger another one then. A backup that began
        before a change does not prove the change.
    type: bool
    default: false
  timeout:
    description:
      - Seconds within which everything has to be done, the waiting for Azure included. The backup itself goes on.
    type: int
    default: 7200
extends_documentation_fragment:
  - vmbackup.azure._azure
  - vmbackup.azure._azure.change
attributes:
  diff_mode:
    description: A backup has no difference to show.
    support: none
author:
  - vmbackup.azure contributors (@vmbackup)
seealso:
  - module: vmbackup.azure.azure_vm_state_info
"""

EXAMPLES = r"""
- name: Prove by a backup that backups work
  vmbackup.azure.azure_backup_run:
    id: "{{ machine_id }}"
  delegate_to: localhost
"""

RETURN = r"""
run_id:
  description: The run under which the change is recorded.
  returned: always
  type: str
  sample: 20261126T220000Z-0badcafe
job:
  description: Id of the backup job.
  returned: if a backup was followed
  type: str
  sample: 7ddead57-bcb9-4269-ac31-6a1b57588700
status:
  description: Status of the job. V(InProgress) while data is transferred, if O(wait=snapshot).
  returned: if a backup was followed
  type: str
  sample: InProgress
tasks:
  description: Status of each task of the job.
  returned: if a backup was followed
  type: dict
  sample:
    Take Snapshot: Completed
    Transfer data to vault: InProgress
errors:
  description: Errors of the job, with C(code), C(number), C(title), C(message) and C(recommendations).
  returned: if a backup was followed
  type: list
  elements: dict
  sample:
    - code: GuestAgentSnapshotTaskStatusError
      message: Could not communicate with the VM agent for snapshot status.
      number: null
      recommendations: []
      title: GuestAgentSnapshotTaskStatusError
"""
