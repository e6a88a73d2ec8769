#!/usr/bin/python
# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: agent_version
short_description: Update the Azure Linux agent, by package and by its own updates
version_added: 1.0.0
description:
  - Compares the running agent with O(minimum). The goal-state version counts, which the agent downloaded itself, or the
    packaged version if there is none.
  - Installs or upgrades the distribution's package with M(ansible.builtin.package), only if O(state) is set.
  - Sets the keys by which the agent updates itself.
  - Changes of packages are not in the journal, because package managers cannot reliably go back. Changes of the keys
    are.
extends_documentation_fragment:
  - vmbackup.azure._attributes
  - vmbackup.azure._attributes.linux
  - vmbackup.azure._journal
  - vmbackup.azure._journal.linux
options:
  minimum:
    description: The minimum version of the running agent. The default is the oldest version that Azure supports.
    type: str
    default: 2.2.53.1
  state:
    description:
      - V(present) installs the package if it is missing, V(latest) also upgrades it.
      - If omitted, no package is touched.
    type: str
    choices: [present, latest]
  package:
    description:
      - The package. By default, the package that owns the agent, or the usual one of the distribution.
    type: str
  auto_update:
    description:
      - V(true) sets C(AutoUpdate.UpdateToLatestVersion=y) and removes C(AutoUpdate.Enabled), V(false) sets the first to
        C(n).
      - If omitted, the keys are not changed.
    type: bool
notes:
  - The module fails if the agent is older than O(minimum). In check mode it does not fail; see RV(compliant).
  - On SUSE the controller needs the collection C(community.general), which has the module for zypper.
author:
  - vmbackup.azure contributors (@vmbackup)
"""

EXAMPLES = r"""
- name: Let the agent update itself
  vmbackup.azure.agent_version:
    auto_update: true

- name: Upgrade the package if the agent is too old
  vmbackup.azure.agent_version:
    state: latest

- name: Only compare
  vmbackup.azure.agent_version:
    minimum: 2.7.0.6
  check_mode: true
  register: version
"""

RETURN = r"""
compliant:
  description: Whether the version and the keys were already as requested. The same in check mode.
  returned: success
  type: bool
  sample: false
before:
  description: The keys before, as the agent read them.
  returned: success
  type: dict
  sample: {"AutoUpdate.Enabled": "n"}
after:
  description: The keys afterwards. In check mode, what they would be.
  returned: success
  type: dict
  sample: {"AutoUpdate.Enabled": null}
diff:
  description: The differences, with secrets masked. Shown with C(--diff).
  returned: success
  type: list
  elements: dict
  sample:
    - before_header: /etc/waagent.conf
      after_header: /etc/waagent.conf
      before: "AutoUpdate.Enabled=n\n"
      after: "AutoUpdate.UpdateToLatestVersion=y\n"
installed:
  description: The packaged version; V(null) if the host has no agent.
  returned: success
  type: str
  sample: 2.7.3.0
goal_state:
  description: The running version; V(null) if the agent does not report it.
  returned: success
  type: str
  sample: 2.15.0.1
minimum:
  description: The requested minimum.
  returned: success
  type: str
  sample: 2.2.53.1
minimum_met:
  description: Whether the agent has it.
  returned: success
  type: bool
  sample: true
package:
  description: The distribution's package.
  returned: success
  type: str
  sample: walinuxagent
package_changed:
  description: Whether the package was installed or upgraded.
  returned: success
  type: bool
  sample: false
restart_required:
  description: Whether the agent must be restarted to read the keys.
  returned: success
  type: bool
  sample: true
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
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies import agent_version


def main():
    run("agent_version", agent_version.OPTIONS, agent_version.work)


if __name__ == "__main__":
    main()
