#!/usr/bin/python
# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: vmbackup_conf
short_description: Set options of the snapshot extension of Azure VM backup in vmbackup.conf
version_added: 1.0.0
description:
  - Sets and removes options in C(/etc/azure/vmbackup.conf), the only place where the extension looks. Nothing reads the
    copy below C(/var/lib/waagent) that an article names.
  - The extension silently ignores the whole file at any error. The module checks values against the types that the
    extension reads, and never leaves a file that the extension would ignore.
  - The next backup reads the file. No restart is needed.
extends_documentation_fragment:
  - vmbackup.azure._attributes
  - vmbackup.azure._attributes.linux
  - vmbackup.azure._journal
  - vmbackup.azure._journal.linux
  - vmbackup.azure._journal.root
options:
  settings:
    description:
      - Options and their values. V(null) removes an option; with O(state=absent) all of them are removed.
      - In V(SnapshotThread) the extension reads C(timeout), C(SafeFreezeWaitInSeconds), C(MountsToSkip),
        C(seqsnapshot), C(SnapshotMethod), C(isanysnapshotfailed), C(UploadStatusAndLog), C(WriteLog),
        C(onlyLocalFilesystems), C(LoggingOff), C(disable_logging) and C(sudo_off), in V(Monitor) C(Run), C(Strace) and
        C(Location), in V(lsblkUser) C(username).
      - C(MountsToSkip) takes a list or a comma-separated string.
    type: dict
  section:
    description: The section of the O(settings).
    type: str
    default: SnapshotThread
  state:
    description: Whether the options have the given values or are absent.
    type: str
    choices: [present, absent]
    default: present
  normalize:
    description:
      - Repair a file that the extension cannot read. Sections and options become unique, the last of equal options
        stays, options before the first section move to V(SnapshotThread), and invalid lines become comments.
      - A readable file is not changed.
    type: bool
    default: false
  force:
    description: Also set options that the extension does not read, or reads differently from what their name says.
    type: bool
    default: false
  path:
    description: The file.
    type: path
    default: /etc/azure/vmbackup.conf
author:
  - vmbackup.azure contributors (@vmbackup)
"""

EXAMPLES = r"""
- name: Give the freeze more time and leave out a mount that cannot be frozen
  vmbackup.azure.vmbackup_conf:
    settings:
      SafeFreezeWaitInSeconds: 600
      MountsToSkip: [/mnt/archive]

- name: Clear the flag that Site Recovery and backup together can leave behind
  vmbackup.azure.vmbackup_conf:
    settings:
      isanysnapshotfailed: false

- name: Let the extension choose the snapshot method again
  vmbackup.azure.vmbackup_conf:
    settings:
      SnapshotMethod:

- name: Repair a file that the extension cannot read
  vmbackup.azure.vmbackup_conf:
    normalize: true
"""

RETURN = r"""
compliant:
  description: Whether the file was already as requested. The same in check mode.
  returned: success
  type: bool
  sample: false
before:
  description:
    - The affected options as the extension read them before, in lower case; V(null) if its default applies.
  returned: success
  type: dict
  sample: {"safefreezewaitinseconds": null}
after:
  description: The same options as it reads them afterwards. In check mode, what they would be.
  returned: success
  type: dict
  sample: {"safefreezewaitinseconds": "600"}
diff:
  description: The differences, with secrets masked. Shown with C(--diff).
  returned: success
  type: list
  elements: dict
  sample:
    - before_header: /etc/azure/vmbackup.conf
      after_header: /etc/azure/vmbackup.conf
      before: ""
      after: "[SnapshotThread]\nSafeFreezeWaitInSeconds = 600\n"
file:
  description: The file that the module read.
  returned: success
  type: str
  sample: /etc/azure/vmbackup.conf
parse_error:
  description: Why the extension would ignore the file afterwards. Empty if it reads it.
  returned: success
  type: str
  sample: ""
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
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies import vmbackup_conf


def main():
    run("vmbackup_conf", vmbackup_conf.OPTIONS, vmbackup_conf.work)


if __name__ == "__main__":
    main()
