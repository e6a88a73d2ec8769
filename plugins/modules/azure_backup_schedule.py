# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: azure_backup_schedule
short_description: Start times of a backup policy
version_added: 1.0.0
description:
  - Changes when a daily or weekly policy starts, for all machines that it protects. The retention times of the
    policy follow. A policy that starts hourly is refused.
  - Is undone by M(vmbackup.azure.azure_journal_restore).
options:
  policy:
    description: Resource id of the policy.
    type: str
    required: true
  times:
    description: Times of the day, as texts such as V('22:30'). Azure starts at full and half hours.
    type: list
    elements: str
    required: true
  time_zone:
    description: Time zone of the times, by its Windows name. If omitted, that of the policy stays.
    type: str
extends_documentation_fragment:
  - vmbackup.azure._azure
  - vmbackup.azure._azure.change
author:
  - vmbackup.azure contributors (@vmbackup)
seealso:
  - module: vmbackup.azure.azure_backup_policy_assignment
  - module: vmbackup.azure.azure_journal_restore
"""

EXAMPLES = r"""
- name: Start an hour later
  vmbackup.azure.azure_backup_schedule:
    policy: "{{ policy_id }}"
    times: ['19:30']
  delegate_to: localhost
"""

RETURN = r"""
run_id:
  description: The run under which the change is recorded.
  returned: always
  type: str
  sample: 20261126T220000Z-0badcafe
before:
  description: The start of the policy before the change.
  returned: success
  type: dict
  sample:
    time_zone: UTC
    times: ['18:30']
after:
  description: The start of the policy after the change, or in check mode as it would be.
  returned: success
  type: dict
  sample:
    time_zone: UTC
    times: ['19:30']
"""
