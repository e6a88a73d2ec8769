#!/usr/bin/python
# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: agent_version
short_description: Brings the Azure Linux agent to a version, by package and by its own update
version_added: 1.0.0
description:
  - Compares the agent that runs with O(minimum). What counts is the goal-state version, which the agent
    fetched for itself, and
    the packaged version where there is none.
  - Installs or upgrades the distribution's package with M(ansible.builtin.package), only when O(state) asks for it.
  - Sets the keys by which the agent updates itself.
  - The change of a package is not in the journal, because package managers do not go back reliably; that of
    the keys is.
extends_documentation_fragment:
  - vmbackup.azure._attributes
  - vmbackup.azure._attributes.linux
  - vmbackup.azure._journal
  - vmbackup.azure._journal.linux
options:
  minimum:
    description: The version that the running agent has to have. The default is the oldest that Azure supports.
    type: str
    default: 2.2.53.1
  state:
    description:
      - V(present) installs the package where it is missing, V(latest) also upgrades it.
      - Without it no package is touched.
    type: str
    choices: [present, latest]
  package:
    description:
      - The package. Without it the one that owns the agent, or the one that the distribution is known to name so.
    type: str
  auto_update:
    description:
      - V(true) sets C(AutoUpdate.UpdateToLatestVersion=y) and removes C(AutoUpdate.Enabled), V(false) sets the
        first to C(n).
      - Without it the keys are left alone.
    type: bool
notes:
  - An agent below O(minimum) makes the module fail, except in check mode, where RV(compliant) tells.
author:
  - vmbackup.azure contributors (@vmbackup)
"""

EXAMPLES = r"""
- name: Let the agent keep itself up to date
  vmbackup.azure.agent_version:
    auto_update: true

- name: Upgrade the package where the agent is too old
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
  description: Whether the version and the keys already were as wanted. The same in check mode.
  returned: success
  type: bool
  sample: false
before:
  description: The keys before, as the agent read them.
  returned: success
  type: dict
  sample: {"AutoUpdate.Enabled": "n"}
after:
  description: The keys afterwards. In check mode, as it would be.
  returned: success
  type: dict
  sample: {"AutoUpdate.Enabled": null}
diff:
  description: What differs, with secrets masked. Shown with C(--diff).
  returned: success
  type: list
  elements: dict
  sample:
    - before_header: /etc/waagent.conf
      after_header: /etc/waagent.conf
      before: "AutoUpdate.Enabled=n\n"
      after: "AutoUpdate.UpdateToLatestVersion=y\n"
installed:
  description: The packaged version; V(null) when the host has no agent.
  returned: success
  type: str
  sample: 2.7.3.0
goal_state:
  description: The version that runs; V(null) when the agent does not tell.
  returned: success
  type: str
  sample: 2.15.0.1
minimum:
  description: The version asked for.
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
  description: Whether the agent has to be restarted to see the keys.
  returned: success
  type: bool
  sample: true
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
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies import agent_version


def main():
    run("agent_version", agent_version.OPTIONS, agent_version.work)


if __name__ == "__main__":
    main()
