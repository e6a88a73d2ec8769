#!/usr/bin/python
# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: vmbackup_conf
short_description: Sets options of the Azure VM backup snapshot extension in vmbackup.conf
version_added: 1.0.0
description:
  - Sets and removes options in C(/etc/azure/vmbackup.conf), the only place where the extension looks. The copy
    below
    C(/var/lib/waagent), which an article names, is read by nothing.
  - The extension drops the whole file at any error without a word. Values are checked against the types that
    it really
    reads, and the module never leaves a file behind that it would drop.
  - The next backup reads the file. No restart is needed.
extends_documentation_fragment:
  - vmbackup.azure._attributes
  - vmbackup.azure._attributes.linux
  - vmbackup.azure._journal
  - vmbackup.azure._journal.linux
options:
  settings:
    description:
      - Options and their values. V(null) removes an option; with O(state=absent) all of them are removed.
      - In V(SnapshotThread) the extension reads C(timeout), C(SafeFreezeWaitInSeconds), C(MountsToSkip),
        C(seqsnapshot),
        C(SnapshotMethod), C(isanysnapshotfailed), C(UploadStatusAndLog), C(WriteLog), C(onlyLocalFilesystems),
        C(LoggingOff),
        C(disable_logging) and C(sudo_off), in V(Monitor) C(Run), C(Strace) and C(Location), in V(lsblkUser)
        C(username).
      - C(MountsToSkip) takes a list or a text with commas.
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
      - Repair a file that the extension cannot read. Sections and options become unique, of equal options the
        last one
        stays, options before the first section move into V(SnapshotThread), stray lines become comments.
      - A file that it can read is left alone.
    type: bool
    default: false
  force:
    description: Also set options that the extension does not read, or not as their name says.
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
  description: Whether the file already was as wanted. The same in check mode.
  returned: success
  type: bool
  sample: false
before:
  description:
    - The options in question as the extension read them before, in lower case; V(null) where its default applies.
  returned: success
  type: dict
  sample: {"safefreezewaitinseconds": null}
after:
  description: The same options as it reads them afterwards. In check mode, as it would be.
  returned: success
  type: dict
  sample: {"safefreezewaitinseconds": "600"}
diff:
  description: What differs, with secrets masked. Shown with C(--diff).
  returned: success
  type: list
  elements: dict
  sample:
    - before_header: /etc/azure/vmbackup.conf
      after_header: /etc/azure/vmbackup.conf
      before: ""
      after: "[SnapshotThread]\nSafeFreezeWaitInSeconds = 600\n"
file:
  description: The file that the module looked at.
  returned: success
  type: str
  sample: /etc/azure/vmbackup.conf
parse_error:
  description: Why the extension would drop the file afterwards. Empty when it reads it.
  returned: success
  type: str
  sample: ""
run_id:
  description:
    - The run that M(vmbackup.azure.journal_restore) takes to undo this. Empty when nothing changed and none
      was given.
    - Also returned when the module fails after it has changed something.
  returned: success, or failure after a change
  type: str
  sample: 20261123T020000Z-1f2e3d4c
journal:
  description: The directory on the host with the run's entries. Empty when nothing was changed.
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
