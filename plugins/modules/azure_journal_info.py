# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: azure_journal_info
short_description: List the runs that changed something in Azure
version_added: 1.0.0
description:
  - Lists the runs whose changes in Azure are recorded below a report directory, the newest first. Only reads, on the
    controller, and does not contact Azure.
options:
  report_dir:
    description: The report directory; the journal of changes in Azure is in C(azure-journal) below it.
    type: path
    default: ./vmbackup-report
  hosts:
    description:
      - List only runs that changed something for one of these hosts, and damaged ones. By default, all runs are listed.
      - A run of the playbook C(schedule), whose host is C(localhost), is not one of a host, even if C(localhost) is
        listed here. The playbook undoes it itself.
    type: list
    elements: str
attributes:
  check_mode:
    description: The module only reads, in check mode as well.
    support: full
  diff_mode:
    description: The module changes nothing.
    support: none
  platform:
    description: The action runs on the controller.
    support: full
    platforms: posix
author:
  - vmbackup.azure contributors (@vmbackup)
seealso:
  - module: vmbackup.azure.azure_journal_restore
  - module: vmbackup.azure.journal_info
"""

EXAMPLES = r"""
- name: List the runs that changed something in Azure
  vmbackup.azure.azure_journal_info:
  register: azure_journal
"""

RETURN = r"""
runs:
  description:
    - The runs, each with C(run_id), C(created) (when it began, UTC), C(undone), and C(touched), which has C(host),
      C(kind), C(id) and C(state) of each change. C(damaged) says why a run cannot be read; its C(created) is then
      the time when its file was written.
  returned: success
  type: list
  elements: dict
  sample:
    - run_id: 20261126T220000Z-0badcafe
      created: '2026-11-26T22:03:10Z'
      undone: false
      touched:
        - {host: web1, kind: power, id: /subscriptions/.../virtualMachines/web1, state: done}
      damaged: null
"""
