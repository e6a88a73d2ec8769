#!/usr/bin/python
# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: waagent_service
short_description: Start the Azure Linux agent, keep it running and enabled
version_added: 1.0.0
description:
  - Starts, enables and, only if requested, unmasks the agent's service, whose name depends on the distribution.
  - After a start, the module watches the agent for a while. It fails if the agent exits at once, or if systemd skips
    the unit because a condition does not hold, with the reason and the last lines of the log.
  - Without systemd it starts and enables the script in C(/etc/init.d) and says what is not possible there. Where the
    script obeys C(WALINUXAGENT_ENABLED) in C(/etc/default/walinuxagent), it is set to 1. With O(state=restarted) and
    O(enabled=false) the file stays as it is, and a running agent that would not start again is not restarted.
extends_documentation_fragment:
  - vmbackup.azure._attributes
  - vmbackup.azure._attributes.linux
  - vmbackup.azure._journal
  - vmbackup.azure._journal.linux
  - vmbackup.azure._journal.root
attributes:
  idempotent:
    support: partial
    details: With O(state=restarted), each run restarts the agent.
options:
  name:
    description: The service. By default, the module finds C(walinuxagent) or C(waagent).
    type: str
  state:
    description: V(restarted) always restarts a running agent. With O(root) the agent is only enabled.
    type: str
    choices: [started, restarted]
    default: started
  enabled:
    description: Whether to make the agent start at boot. V(false) does not change this.
    type: bool
    default: true
  unmask:
    description:
      - Whether to unmask a masked unit. Masking may be intentional; with V(false) the module fails.
      - As an exception, a masked agent that runs can be restarted with O(state=restarted) and O(enabled=false); it
        stays masked.
    type: bool
    default: false
  restart_policy:
    description:
      - With V(always), a drop-in makes systemd restart the agent 5 seconds after it exits, up to 20 times in 5 minutes.
        Nothing is written if the unit already does so.
      - The drop-in is C(vmbackup-restart.conf); it does not restart the agent.
    type: str
    choices: [keep, always]
    default: keep
  remove_disable_marker:
    description:
      - Whether to remove the file C(disable_agent), which makes a running agent sleep indefinitely. It may be
        intentional.
      - With V(false) a warning and RV(compliant) report it.
    type: bool
    default: false
  verify_seconds:
    description: Seconds that the agent must keep running, from V(0) to V(300).
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
    - Whether the service was already as requested. A requested restart does not count. The same in check mode.
  returned: success
  type: bool
  sample: false
before:
  description: The service before.
  returned: success
  type: dict
  sample: {"active": false, "active_state": "inactive", "enabled": false, "masked": false, "restart": "no"}
after:
  description: The service afterwards. In check mode, what they would be.
  returned: success
  type: dict
  sample: {"active": true, "active_state": "active", "enabled": true, "masked": false, "restart": "always"}
diff:
  description: The differences, with secrets masked. Shown with C(--diff).
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
  returned: if the agent does not keep running
  type: list
  elements: str
  sample: ["/usr/bin/python3: No module named azurelinuxagent"]
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
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies import waagent_service


def main():
    run("waagent_service", waagent_service.OPTIONS, waagent_service.work)


if __name__ == "__main__":
    main()
