#!/usr/bin/python
# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: waagent_service
short_description: Makes the Azure Linux agent run, stay up and come back
version_added: 1.0.0
description:
  - Starts, enables and, only when told to, unmasks the agent's service, under the name that the distribution
    gives it.
  - After a start the module watches the agent for a while. An agent that exits at once, and a unit that
    systemd skips
    because one of its conditions does not hold, are failures, with the reason and the last lines of the log.
  - On hosts without systemd it starts and enables what C(/etc/init.d) has and says what cannot be done there.
extends_documentation_fragment:
  - vmbackup.azure._attributes
  - vmbackup.azure._attributes.linux
  - vmbackup.azure._journal
  - vmbackup.azure._journal.linux
options:
  name:
    description: The service. Without it the module finds C(walinuxagent) or C(waagent).
    type: str
  state:
    description: With V(restarted) a running agent is restarted in any case.
    type: str
    choices: [started, restarted]
    default: started
  enabled:
    description: Whether to make the agent start at boot. With V(false) this is left as it is.
    type: bool
    default: true
  unmask:
    description:
      - Whether to unmask a masked unit. Masking is often deliberate; with V(false) it is an error.
      - Only a masked agent that runs can be restarted with O(state=restarted) and O(enabled=false); it stays masked.
    type: bool
    default: false
  restart_policy:
    description:
      - With V(always) a drop-in lets systemd bring the agent back 5 seconds after it exits, up to 20 times in
        5 minutes.
        Nothing is written where the unit does so already.
      - The drop-in is C(vmbackup-restart.conf); it does not restart the agent.
    type: str
    choices: [keep, always]
    default: keep
  remove_disable_marker:
    description:
      - Whether to remove the file C(disable_agent), which makes a running agent sleep for ever. Somebody put
        it there.
      - With V(false) it is reported by a warning and by RV(compliant).
    type: bool
    default: false
  verify_seconds:
    description: How long the agent has to stay up, from V(0) to V(300).
    type: int
    default: 5
author:
  - vmbackup.azure contributors (@vmbackup)
"""

EXAMPLES = r"""
- name: Make the agent run now, at boot, and after a crash
  vmbackup.azure.waagent_service:
    restart_policy: always

- name: Restart the agent so that it reads its configuration
  vmbackup.azure.waagent_service:
    state: restarted

- name: Bring back an agent that was masked and disabled on purpose
  vmbackup.azure.waagent_service:
    unmask: true
    remove_disable_marker: true
"""

RETURN = r"""
compliant:
  description:
    - Whether the service already was as wanted. A restart that was asked for does not count. The same in check
      mode.
  returned: success
  type: bool
  sample: false
before:
  description: The service before.
  returned: success
  type: dict
  sample: {"active": false, "active_state": "inactive", "enabled": false, "masked": false, "restart": "no"}
after:
  description: The service afterwards. In check mode, as it would be.
  returned: success
  type: dict
  sample: {"active": true, "active_state": "active", "enabled": true, "masked": false, "restart": "always"}
diff:
  description: What differs, with secrets masked. Shown with C(--diff).
  returned: success
  type: list
  elements: dict
  sample:
    - before_header: walinuxagent.service
      after_header: walinuxagent.service
      before: "active_state: inactive\n"
      after: "active_state: active\n"
name:
  description: The service that was found.
  returned: success
  type: str
  sample: walinuxagent.service
manager:
  description: What starts the service, C(systemd), C(sysv) or C(openrc).
  returned: success
  type: str
  sample: systemd
log:
  description: The last lines of the unit's journal and of the agent's log.
  returned: when the agent does not stay up
  type: list
  elements: str
  sample: ["/usr/bin/python3: No module named azurelinuxagent"]
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
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies import waagent_service


def main():
    run("waagent_service", waagent_service.OPTIONS, waagent_service.work)


if __name__ == "__main__":
    main()
