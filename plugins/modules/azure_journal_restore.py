# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: azure_journal_restore
short_description: Undo what a run changed in Azure
version_added: 1.0.0
description:
  - Undoes the changes that a run has made in Azure for the host of the task, the last one first. Each resource is
    read before. One that someone else has changed since is left, and the module fails and names it.
  - What Azure cannot undo is in RV(kept), with the reason. Undoing a run twice does no harm.
  - Fails for a run that the journal in O(report_dir) does not have.
extends_documentation_fragment:
  - vmbackup.azure._azure
  - vmbackup.azure._azure.change
options:
  run_id:
    description:
      - The run to undo, from the module that made the change. V(latest) is the newest run that has changed something
        for this host and was not undone yet.
      - With V(latest), a second call takes the run before it. The playbook C(undo) does not.
    required: true
author:
  - vmbackup.azure contributors (@vmbackup)
seealso:
  - module: vmbackup.azure.journal_restore
"""

EXAMPLES = r"""
- name: Undo the changes in Azure of a run
  vmbackup.azure.azure_journal_restore:
    run_id: 20261126T220000Z-0badcafe

- name: Undo the changes in Azure of the newest run that is not undone
  vmbackup.azure.azure_journal_restore:
    run_id: latest
"""

RETURN = r"""
run_id:
  description: The run that was undone.
  returned: always
  type: str
  sample: 20261126T220000Z-0badcafe
restored:
  description: Kind and name of each resource that was brought back, or in check mode would be.
  returned: success
  type: list
  elements: str
  sample: [nsg_rule allow-proxy]
kept:
  description: What was not undone, with the reason.
  returned: success
  type: list
  elements: str
  sample: ['extension VMSnapshot: the next backup installs the snapshot extension again']
"""
