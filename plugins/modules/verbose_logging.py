#!/usr/bin/python
# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: verbose_logging
short_description: Let the Azure Linux agent log verbosely for a limited time
version_added: 1.0.0
description:
  - Sets C(Logs.Verbose=y) in C(waagent.conf) and restarts a running agent, which reads the file only at start.
  - The guest itself ends this after O(minutes). It brings back the old bytes of the file and restarts the agent, even
    if it was rebooted or no one connects again. If someone else changed the file in the meantime, only C(Logs.Verbose)
    gets its old value.
  - What ends it is a timer of systemd, C(vmbackup-verbose-logging.timer). Without systemd it is
    C(/etc/cron.d/vmbackup-verbose-logging), which cron reads every five minutes. Both are removed when they have done
    their work. A host that has neither is rejected.
  - An agent that logged verbosely before is left as it is, with a warning.
extends_documentation_fragment:
  - vmbackup.azure._attributes
  - vmbackup.azure._attributes.linux
  - vmbackup.azure._journal
  - vmbackup.azure._journal.linux
options:
  state:
    description:
      - V(absent) ends at once what V(present) began. M(vmbackup.azure.journal_restore) with the run's id does the same,
        but does not restart the agent.
    type: str
    choices: [present, absent]
    default: present
  minutes:
    description:
      - How long the agent logs verbosely, from V(1) to V(10080), which is a week.
      - While it does, another value changes nothing. Use O(state=absent) first.
    type: int
    default: 60
seealso:
  - module: vmbackup.azure.waagent_conf
  - module: vmbackup.azure.journal_restore
author:
  - vmbackup.azure contributors (@vmbackup)
"""

EXAMPLES = r"""
- name: Log verbosely during the next backup
  vmbackup.azure.verbose_logging:
    minutes: 180
  become: true

- name: End it now
  vmbackup.azure.verbose_logging:
    state: absent
  become: true
"""

RETURN = r"""
compliant:
  description: Whether nothing had to be changed. The same in check mode.
  returned: success
  type: bool
  sample: false
before:
  description: C(Logs.Verbose) as the file had it before; V(null) if the agent's default applied.
  returned: success
  type: dict
  sample: {"Logs.Verbose": null}
after:
  description: The same afterwards; in check mode, as it would be.
  returned: success
  type: dict
  sample: {"Logs.Verbose": "y"}
until:
  description: When the guest ends it, in UTC; V(null) if nothing is to be ended.
  returned: success
  type: str
  sample: '2026-11-23T03:00:00Z'
restarted:
  description: Whether the agent was restarted. It is not if it does not run.
  returned: success
  type: bool
  sample: true
diff:
  description: The files before and after, with secrets masked. Shown with C(--diff).
  returned: success
  type: list
  elements: dict
  sample:
    - before_header: /etc/waagent.conf
      after_header: /etc/waagent.conf
      before: "Logs.Verbose=n\n"
      after: "Logs.Verbose=y\n"
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
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies import verbose_logging


def main():
    run("verbose_logging", verbose_logging.OPTIONS, verbose_logging.work)


if __name__ == "__main__":
    main()
