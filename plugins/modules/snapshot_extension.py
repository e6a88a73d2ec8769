#!/usr/bin/python
# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: snapshot_extension
short_description: Reset the VMSnapshotLinux extension reversibly, so that it is installed again
version_added: 1.0.0
description:
  - Stops the agent, moves all versions of the VMSnapshotLinux extension with their state, packages and status into the
    journal, and starts the agent again. The agent installs the extension when the next backup needs it.
  - Nothing is deleted. M(vmbackup.azure.journal_restore) restores everything and exchanges it with what was installed
    in the meantime.
  - Without O(force), an extension is reset only if it is not enabled and ready, or if its last command failed or never
    ended.
  - The module fails if a process of the extension runs, because a backup is in progress then.
extends_documentation_fragment:
  - vmbackup.azure._attributes
  - vmbackup.azure._attributes.linux
  - vmbackup.azure._journal
  - vmbackup.azure._journal.linux
attributes:
  idempotent:
    support: partial
    details: With O(force=true), each run resets an extension that is installed.
options:
  state:
    description: The only state so far.
    type: str
    choices: [reset]
    default: reset
  force:
    description: Also reset a healthy extension. Each such run changes something if the extension is installed.
    type: bool
    default: false
  service:
    description: The agent's service. By default, the module finds C(walinuxagent) or C(waagent).
    type: str
notes:
  - An agent that finds the extension missing runs its last command again. The extension rejects commands older than 140
    minutes; a newer one takes one more snapshot.
author:
  - vmbackup.azure contributors (@vmbackup)
"""

EXAMPLES = r"""
- name: Reset the snapshot extension if it is stuck
  vmbackup.azure.snapshot_extension:
  register: reset

- name: Undo the reset
  vmbackup.azure.journal_restore:
    run_id: "{{ reset.run_id }}"
  when: reset.changed
"""

RETURN = r"""
compliant:
  description:
    - Whether there was nothing to reset, because the extension was missing or healthy. The same in check mode.
  returned: success
  type: bool
  sample: false
before:
  description: The installed versions with their state, by directory.
  returned: success
  type: dict
  sample: {"/var/lib/waagent/Microsoft.Azure.RecoveryServices.VMSnapshotLinux-1.0.9184.0": {"status_code": 2}}
after:
  description: The same right after the reset. In check mode, what they would be.
  returned: success
  type: dict
  sample: {}
diff:
  description: The differences, with secrets masked. Shown with C(--diff).
  returned: success
  type: list
  elements: dict
  sample:
    - before_header: /var/lib/waagent
      after_header: /var/lib/waagent
      before: "Microsoft.Azure.RecoveryServices.VMSnapshotLinux-1.0.9184.0\n"
      after: ""
reasons:
  description: Why the extension needs a reset.
  returned: success
  type: list
  elements: str
  sample: ["its handler state is FailedUpgrade"]
moved:
  description: What was moved into the journal, or in check mode would be.
  returned: success
  type: list
  elements: str
  sample: [/var/lib/waagent/Microsoft.Azure.RecoveryServices.VMSnapshotLinux-1.0.9184.0]
service:
  description: The service that was stopped and started.
  returned: success
  type: str
  sample: walinuxagent.service
run_id:
  description:
    - The run that M(vmbackup.azure.journal_restore) takes to undo this. Empty if nothing changed and none was given.
    - Also returned if the module fails after it changed something.
  returned: success, or failure after a change
  type: str
  sample: 20261123T020000Z-1f2e3d4c
journal:
  description: The directory on the host with the run's entries. Empty if nothing was changed.
  returned: success, or failure after a change
  type: str
  sample: /var/lib/vmbackup/journal/20261123T020000Z-1f2e3d4c
"""

from ansible_collections.vmbackup.azure.plugins.module_utils._change.module import run
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies import snapshot_extension


def main():
    run("snapshot_extension", snapshot_extension.OPTIONS, snapshot_extension.work)


if __name__ == "__main__":
    main()
