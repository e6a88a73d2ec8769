# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: apply_remedy
short_description: Apply one step of a plan
version_added: 1.0.0
description:
  - Calls the module of the remedy with the parameters from the plan.
  - Supports what that module supports (check mode, diff, undo).
options:
  remedy:
    description: The remedy, C(remedy) of a step of P(vmbackup.azure.plan#filter).
    type: str
    required: true
    choices:
      - azure_vm_extension
      - azure_vm_power
      - guest_dhcp
      - win_guest_dhcp
      - agent_version
      - waagent_conf
      - vmbackup_conf
      - environment_proxy
      - waagent_service
      - snapshot_extension
      - win_winhttp_proxy
      - win_bcdragent
      - win_snapshot_extension
      - win_backup_services
  parameters:
    description: The options of that module, C(parameters) of the step.
    type: dict
    default: {}
  run_id:
    description: The run under which the change is recorded in the journal.
    type: str
    required: true
  azure:
    description: For a remedy that acts on Azure, a mapping with options of sign-in.
    type: raw
  report_dir:
    description: For a remedy that acts on Azure, the report directory with the journal.
    type: path
    default: ./vmbackup-report
attributes:
  check_mode:
    description: Can run in check mode and return changed status prediction without modifying target.
    support: full
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in check mode), when in diff mode.
    support: full
  platform:
    description: The systems of the guests.
    support: full
    platforms: linux, windows
author:
  - vmbackup.azure contributors (@vmbackup)
seealso:
  - plugin: vmbackup.azure.plan
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Apply the first step of a plan
  vmbackup.azure.apply_remedy:
    remedy: "{{ plan.steps[0].remedy }}"
    parameters: "{{ plan.steps[0].parameters }}"
    run_id: 20261126T220000Z-0badcafe
  become: true
"""

RETURN = r"""
run_id:
  description: The run under which the change is recorded. All other values are those of the called module.
  returned: success
  type: str
  sample: 20261126T220000Z-0badcafe
"""
