#!/usr/bin/python
# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: waagent_conf
short_description: Set keys of the Azure Linux agent's waagent.conf
version_added: 1.0.0
description:
  - Sets, removes and normalizes keys of C(waagent.conf) without touching any other byte of the file. The file is
    replaced atomically and keeps its owner, mode and SELinux context.
  - The agent and the snapshot extension of VM backup read the file by different rules. Both read every line that this
    module writes in the same way. If a key has several lines, the last one, which is in effect, is edited and the
    others are removed. A comment behind a value moves to its own line.
  - The agent reads the file only at start. The module never restarts it; it returns RV(ignore:restart_required).
extends_documentation_fragment:
  - vmbackup.azure._attributes
  - vmbackup.azure._attributes.linux
  - vmbackup.azure._journal
  - vmbackup.azure._journal.linux
  - vmbackup.azure._journal.root
options:
  settings:
    description:
      - Keys and their values, spelled as the agent spells them, for example C(Extensions.Enabled).
      - Switches take a boolean, V(y) or V(n). V(null) removes the key, so that the agent's default applies.
      - With O(state=absent) the values do not matter.
    type: dict
  proxy:
    description:
      - The agent's own HTTP proxy, short for C(HttpProxy.Host) and C(HttpProxy.Port).
      - With O(state=absent) both keys are removed; use C({}).
      - The agent uses a proxy only if both keys are set. The snapshot extension, however, connects directly if the port
        is set.
    type: dict
    suboptions:
      host:
        description: A bare host name or address, without scheme, port or user.
        type: str
      port:
        description: The TCP port, from V(1) to V(65535).
        type: int
  state:
    description: Whether the keys of O(settings) and O(proxy) have the given values or are absent.
    type: str
    choices: [present, absent]
    default: present
  normalize:
    description:
      - Also rewrite every other line that agent and extension read differently, or not as intended. This removes blanks
        around the equals sign, single quotes around a value, carriage returns, a byte order mark and duplicates, puts
        comments into the first column, and makes the file valid UTF-8.
      - Values that the agent ignores, such as V(yes) for a switch, stay as they are, because changing them would change
        the effective configuration.
    type: bool
    default: false
  force:
    description: Also set unknown keys, and values that the agent is not known to accept.
    type: bool
    default: false
  path:
    description: The file. By default, the one that the agent of this host reads.
    type: path
seealso:
  - module: vmbackup.azure.environment_proxy
  - module: vmbackup.azure.waagent_service
  - module: vmbackup.azure.journal_restore
author:
  - vmbackup.azure contributors (@vmbackup)
"""

EXAMPLES = r"""
- name: Let the agent process extensions
  vmbackup.azure.waagent_conf:
    settings:
      Extensions.Enabled: true
  register: conf

- name: Restart the agent if it has not read the file yet
  vmbackup.azure.waagent_service:
    state: restarted
  when: conf.restart_required

- name: Send the agent's storage traffic through a proxy
  vmbackup.azure.waagent_conf:
    proxy:
      host: proxy.example.com
      port: 3128

- name: Remove the proxy
  vmbackup.azure.waagent_conf:
    proxy: {}
    state: absent

- name: Make the file readable for the agent and the snapshot extension
  vmbackup.azure.waagent_conf:
    normalize: true

- name: Let the agent of a mounted disk process extensions
  vmbackup.azure.waagent_conf:
    root: /mnt/rescue
    settings:
      Extensions.Enabled: true

- name: Only check whether the agent updates itself
  vmbackup.azure.waagent_conf:
    settings:
      AutoUpdate.UpdateToLatestVersion: true
      AutoUpdate.Enabled:
  check_mode: true
  register: update
  failed_when: not update.compliant
"""

RETURN = r"""
compliant:
  description: Whether the file was already as requested, before this run changed anything. The same in check mode.
  returned: success
  type: bool
  sample: false
before:
  description: The affected keys as the agent read them before; V(null) if its default applies.
  returned: success
  type: dict
  sample: {"Extensions.Enabled": "n"}
after:
  description: The same keys as the agent reads them afterwards; in check mode, as it would.
  returned: success
  type: dict
  sample: {"Extensions.Enabled": "y"}
diff:
  description: The whole file before and after, with secrets masked. Shown with C(--diff).
  returned: success
  type: list
  elements: dict
  sample:
    - before_header: /etc/waagent.conf
      after_header: /etc/waagent.conf
      before: "Extensions.Enabled=n\n"
      after: "Extensions.Enabled=y\n"
file:
  description: The file that the module read.
  returned: success
  type: str
  sample: /etc/waagent.conf
restart_required:
  description:
    - Whether the agent must be restarted to read the file, because it changed or is newer than the running agent.
  returned: success
  type: bool
  sample: true
run_id:
  description:
    - The run that M(vmbackup.azure.journal_restore) takes to undo this; empty when nothing changed and none was given.
  returned: success
  type: str
  sample: 20261123T020000Z-1f2e3d4c
journal:
  description: The directory on the host with the run's entries; empty when nothing was changed.
  returned: success
  type: str
  sample: /var/lib/vmbackup/journal/20261123T020000Z-1f2e3d4c
"""

from ansible_collections.vmbackup.azure.plugins.module_utils._change.module import run
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies import waagent_conf


def main():
    run("waagent_conf", waagent_conf.OPTIONS, waagent_conf.work)


if __name__ == "__main__":
    main()
