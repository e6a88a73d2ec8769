# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: azure_start_times_info
short_description: Plan start times of backups with the fewest moves
version_added: 1.0.0
description:
  - Reads which virtual machines start together, and plans to which policies some of them have to move so that no vault
    starts more than O(limit) backups at a time. No other plan needs fewer moves. The same input gives the same plan.
  - A machine moves only to a policy of its vault that differs from its own in nothing but the time at which it starts.
  - Times in different time zones are not compared. Machines of policies that start several times a day count at each of
    these times, and are not moved. Where they alone exceed O(limit), they still do afterwards.
  - The load of proxies is shown, and not limited.
  - Fails where there is no such plan, and says what would help. Only reads.
requirements:
  - azure-core and azure-identity on the controller
options:
  limit:
    description: Backups that a vault may start at one time.
    type: int
    required: true
  start:
    description: Backups start at this time of the day or later, such as V('22:00').
    type: str
    default: '00:00'
  end:
    description: Backups start before this time of the day. An O(end) before O(start) is on the next day.
    type: str
    default: '00:00'
  report_dir:
    description:
      - Report directory of a diagnosis that included Azure. The states that it keeps tell which proxies each machine
        uses.
    type: path
  subscriptions:
    description:
      - Ids of the subscriptions to read.
      - If empty, the one of E(AZURE_SUBSCRIPTION_ID) or of the profile; without these, all that can be read.
    type: list
    elements: str
    default: []
  azure:
    description: A mapping from which the options of sign-in are taken that the task does not have.
    type: raw
  timeout:
    description: Seconds within which everything has to be read.
    type: int
    default: 300
extends_documentation_fragment: vmbackup.azure._azure
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
  - module: vmbackup.azure.azure_backup_policy_assignment
  - module: vmbackup.azure.azure_backup_schedule
"""

EXAMPLES = r"""
- name: Plan at most 50 backups at a time, at night
  vmbackup.azure.azure_start_times_info:
    limit: 50
    start: '20:00'
    end: '04:00'
  delegate_to: localhost
  register: start_times
"""

RETURN = r"""
moves:
  description:
    - Each machine that has to move - C(machine) and C(item) (ids), C(vault), C(time_zone), C(from) and C(to) (names of
      policies), C(policy) (id of the new one), C(at) and C(then) (times).
  returned: success
  type: list
  elements: dict
  sample:
    - machine: /subscriptions/.../virtualMachines/web1
      from: nightly
      at: '22:00'
      to: late
      then: '23:00'
together:
  description:
    - Machines that start together today - C(vault), C(policy), C(time_zone), C(time) and C(machines) (ids).
  returned: success
  type: list
  elements: dict
  sample:
    - vault: /subscriptions/.../vaults/prod-vault
      policy: nightly
      time_zone: UTC
      time: '22:00'
      machines: [/subscriptions/.../virtualMachines/web1]
proxies:
  description:
    - Machines behind one proxy that start at each time, before and after the moves. A machine counts for each proxy
      that its guest uses.
  returned: success
  type: list
  elements: dict
  sample:
    - {proxy: '10.0.0.5:3128', time_zone: UTC, time: '22:00', before: 60, after: 40}
proxies_known:
  description: Number of machines in the plan whose guests told which proxies they use, if any.
  returned: success
  type: int
  sample: 80
timeline:
  description: Machines that start at each time, before and after the moves.
  returned: success
  type: list
  elements: dict
  sample:
    - {vault: /subscriptions/.../vaults/prod-vault, time_zone: UTC, time: '22:00', before: 80, after: 50}
subscriptions:
  description: Ids of the subscriptions whose vaults are in the plan. If empty, all that can be read.
  returned: success
  type: list
  elements: str
  sample: [22222222-2222-2222-2222-222222222222]
missed:
  description:
    - What the plan may lack, where subscriptions were named - C(scope) (id of a subscription or vault), C(reason), and
      C(permission) where one is missing. Vaults in other subscriptions are listed if they protect machines of these.
  returned: success
  type: list
  elements: dict
  sample:
    - scope: /subscriptions/.../vaults/central
      permission: null
      reason: it protects 3 VMs of these subscriptions and is in another one
unmovable:
  description: Ids of machines whose policy starts several times a day. They count, and are not moved.
  returned: success
  type: list
  elements: str
  sample: []
uncounted:
  description: Ids of machines whose policy, or the times of it, could not be read. They do not count.
  returned: success
  type: list
  elements: str
  sample: []
"""
