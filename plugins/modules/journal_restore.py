#!/usr/bin/python
# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: journal_restore
short_description: Undo one run of the collection's changes on a host
version_added: 1.0.0
description:
  - Restores bytes, modes, owners and extended attributes of files, states of services, and directories that were moved
    aside, in reverse order, from the journal.
  - On Windows it restores registry values with their types, the WinHTTP proxy, configuration and state of services,
    addresses and firewall rules. It calls M(vmbackup.azure.win_journal_restore) there.
  - Everything is checked first. If someone else has changed something since, nothing is touched, and the module fails
    and names it.
  - What a killed run had not changed yet is recognized and not touched.
  - A run with a damaged entry is rejected as a whole. A run with intact entries is undone, even if other parts of it
    are damaged.
extends_documentation_fragment:
  - vmbackup.azure._attributes
  - vmbackup.azure._attributes.both
  - vmbackup.azure._journal.root
attributes:
  platform:
    platforms: posix, windows
options:
  run_id:
    description:
      - The run, from the module that made the change. V(latest) is the newest run that was not undone yet.
      - With V(latest), a second call takes the run before it. The playbook C(undo) does not.
    type: str
    required: true
  journal_dir:
    description: The directory of the journal on the host. On Windows V(C:\\ProgramData\\vmbackup\\journal) by default.
    type: path
    default: /var/lib/vmbackup/journal
notes:
  - The agent is not restarted. RV(restart_required) tells whether it must be, to read a restored file.
seealso:
  - module: vmbackup.azure.journal_info
author:
  - vmbackup.azure contributors (@vmbackup)
"""

EXAMPLES = r"""
- name: Undo one run
  vmbackup.azure.journal_restore:
    run_id: 20261123T020000Z-1f2e3d4c
  register: undo

- name: Let the agent read its old configuration
  vmbackup.azure.waagent_service:
    state: restarted
  when: undo.restart_required

- name: Show what undoing the newest run would do
  vmbackup.azure.journal_restore:
    run_id: latest
  check_mode: true
  diff: true
"""

RETURN = r"""
run_id:
  description: The run that was undone.
  returned: success
  type: str
  sample: 20261123T020000Z-1f2e3d4c
journal:
  description: The directory on the host with the run's entries, which stay.
  returned: success
  type: str
  sample: /var/lib/vmbackup/journal/20261123T020000Z-1f2e3d4c
restored:
  description: What was restored, or in check mode would be, in order.
  returned: success
  type: list
  elements: str
  sample: ["walinuxagent.service: stop, disable", /etc/waagent.conf]
diff:
  description: The differences, with secrets masked. Shown with C(--diff).
  returned: success
  type: list
  elements: dict
  sample:
    - before_header: /etc/waagent.conf
      after_header: /etc/waagent.conf
      before: "Extensions.Enabled=y\n"
      after: "Extensions.Enabled=n\n"
restart_required:
  description: Whether the running agent still uses what was undone.
  returned: success
  type: bool
  sample: true
conflicts:
  description: What was changed in the meantime.
  returned: when that is why the module failed
  type: list
  elements: str
  sample: [/etc/waagent.conf]
"""

from ansible_collections.vmbackup.azure.plugins.module_utils._change import restore
from ansible_collections.vmbackup.azure.plugins.module_utils._change.module import run


def main():
    run("journal_restore", restore.OPTIONS, restore.work)


if __name__ == "__main__":
    main()
