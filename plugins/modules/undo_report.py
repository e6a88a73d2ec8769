# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: undo_report
short_description: Show the totals of an undo
version_added: 1.0.0
description:
  - Tells how many hosts were restored, which failed, and why. The callback P(vmbackup.azure.answer#callback) shows
    that at the end of the run.
  - Runs on the controller, with C(run_once), at the end of the playbook C(vmbackup.azure.undo).
extends_documentation_fragment:
  - vmbackup.azure._probe.attributes
attributes:
  platform:
    description: The action runs on the controller.
    support: full
    platforms: posix
options:
  hosts:
    description: All hosts of the undo. One without a result was lost on the way.
    type: list
    elements: str
    required: true
  results:
    description:
      - What became of each host. C(host), C(restored) and C(kept) (what was restored, and what Azure kept), and
        C(failed) (why the host could not be restored, or empty).
    type: list
    elements: dict
    required: true
  run_id:
    description: The run that was undone.
    type: str
    required: true
author:
  - vmbackup.azure contributors (@vmbackup)
seealso:
  - module: vmbackup.azure.journal_restore
"""

EXAMPLES = r"""
- name: Show the totals
  vmbackup.azure.undo_report:
    run_id: 20260101T220000Z-1a2b3c4d
    hosts: [web1, web2]
    results:
      - host: web1
        restored: [/etc/waagent.conf]
        kept: []
        failed: ''
  run_once: true
"""

RETURN = r"""
answer:
  description: The totals as the callback P(vmbackup.azure.answer#callback) shows them.
  returned: if a callback shows them
  type: str
"""
