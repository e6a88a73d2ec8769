#!/usr/bin/python
# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: evidence_archive
short_description: Collect the logs of a guest that explain its backups, without secrets
version_added: 1.0.0
description:
  - For Linux and Windows hosts. On Windows it calls M(vmbackup.azure.win_evidence_archive).
  - Makes one zip file with the agent's logs and settings, logs of extensions, the journal of the agent's service and
    the lines of system logs about them, or events and registry keys of Windows, the guest state and its findings, and a
    manifest. Fetches it to the controller over the same connection.
  - The newest files go in first, and of a large file its end, until O(max_mib) or O(seconds) is reached. The manifest
    has the size, SHA-256 and time of each file, and says what was left out and why.
  - Secrets are masked before anything is written on the guest, unless O(redact) is V(false). These are signatures of
    addresses, protected settings, custom data, certificates and keys, passwords of proxies and tokens; the manifest
    counts them. Files that are not text, or nothing but keys, are left out.
  - If the connection is lost or the controller's disk is full, a second run with the same options continues where the
    first one stopped, as long as the guest still has the archive. The guest's copy is removed when the archive has
    arrived whole.
extends_documentation_fragment:
  - vmbackup.azure._attributes
  - vmbackup.azure._attributes.both
attributes:
  diff_mode:
    description: An archive has no difference to show.
    support: none
  idempotent:
    description: Each run makes a new archive, unless it continues to fetch one.
    support: none
options:
  dest:
    description:
      - Directory on the controller, which is created for its owner only. The archive is C(HOST.zip), with mode 0600. It
        replaces an earlier one.
      - If omitted, the archive stays on the guest.
    type: path
  state:
    description: V(absent) removes the archive O(name) from the guest.
    type: str
    choices: [present, absent]
    default: present
  name:
    description: An archive on the guest. With O(state=present), only tells whether it is there.
    type: str
  directory:
    description:
      - Directory on the guest for the archive, for root only. It is created if it does not exist. On Windows
        V(C:\\ProgramData\\vmbackup\\evidence) by default, for SYSTEM and administrators only.
    type: path
    default: /var/lib/vmbackup/evidence
  max_mib:
    description: MiB of all files together, before compression.
    type: int
    default: 50
  max_file_mib:
    description: MiB of one file, of which the end is kept.
    type: int
    default: 10
  max_age_days:
    description: Logs that were last written longer ago are left out.
    type: int
    default: 14
  seconds:
    description: Seconds after which no more files are added.
    type: int
    default: 300
  redact:
    description: Whether to mask secrets. An archive with V(false) is as secret as the guest itself.
    type: bool
    default: true
  collect_for:
    description:
      - V(support) takes whole system logs, as Microsoft's support asks for them, with those of cloud-init or of
        Windows setup.
    type: str
    choices: [diagnosis, support]
    default: diagnosis
  documents:
    description: A file on the guest with documents to add. The action gives it.
    type: path
  variables:
    description:
      - A prefix for variables with the options of the diagnosis, as in M(vmbackup.azure.findings_info).
    type: str
seealso:
  - module: vmbackup.azure.findings_info
  - module: vmbackup.azure.verbose_logging
  - module: vmbackup.azure.win_evidence_archive
author:
  - vmbackup.azure contributors (@vmbackup)
"""

EXAMPLES = r"""
- name: Collect logs
  vmbackup.azure.evidence_archive:
    dest: ./vmbackup-evidence
  become: true

- name: Collect what Microsoft's support asks for
  vmbackup.azure.evidence_archive:
    dest: ./vmbackup-evidence
    collect_for: support
    max_mib: 500
  become: true
"""

RETURN = r"""
dest:
  description: The archive on the controller.
  returned: when O(dest) is given
  type: str
  sample: /home/ops/vmbackup-evidence/web1.zip
resumed:
  description: Whether an archive of an earlier run was fetched to its end. Its age is that of the earlier run.
  returned: when O(dest) is given
  type: bool
  sample: false
path:
  description: The archive on the guest; V(null) if there is none.
  returned: always
  type: str
  sample: /var/lib/vmbackup/evidence/vmbackup-evidence-20261123T020000Z-1f2e3d4c.zip
name:
  description: The name of the archive on the guest.
  returned: when there is an archive
  type: str
  sample: vmbackup-evidence-20261123T020000Z-1f2e3d4c.zip
size:
  description: Bytes of the archive.
  returned: when there is an archive
  type: int
  sample: 912384
sha256:
  description: SHA-256 of the archive.
  returned: when there is an archive
  type: str
  sample: 0f2c41e9d5
manifest:
  description: What the manifest says, in numbers.
  returned: when an archive was made
  type: dict
  sample:
    files: 14
    left_out: {age: 9}
    is_redacted: true
    redacted:
      - kind: sas_signatures
        count: 12
"""

from ansible_collections.vmbackup.azure.plugins.module_utils._change import answer
from ansible_collections.vmbackup.azure.plugins.module_utils._change.errors import ChangeError
from ansible_collections.vmbackup.azure.plugins.module_utils._change.module import Module
from ansible_collections.vmbackup.azure.plugins.module_utils._evidence.work import OPTIONS, work
from ansible_collections.vmbackup.azure.plugins.module_utils._guest import surroundings


def main():
    module = Module(argument_spec=OPTIONS, supports_check_mode=True)
    surroundings.settle()
    failure = None
    try:
        result = answer.of(lambda: work(module.params, module.check_mode), "evidence_archive")
    except ChangeError as error:
        failure = error
    if failure:
        module.fail_json(msg=str(failure))
    module.exit_json(**result)


if __name__ == "__main__":
    main()
