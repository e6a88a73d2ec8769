# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: azure_nsg_rule
short_description: One rule of a network security group
version_added: 1.0.0
description:
  - Creates, changes or removes one security rule. The other rules of the group are neither sent nor changed.
  - Is undone by M(vmbackup.azure.azure_journal_restore), which puts the rule back as it was.
options:
  group:
    description: Resource id of the network security group.
    type: str
    required: true
  name:
    description: Name of the rule.
    type: str
    required: true
  state:
    description: Whether the rule exists.
    type: str
    choices: [present, absent]
    default: present
  description:
    description: Description of the rule.
    type: str
    default: ''
  direction:
    description: Direction of the traffic.
    type: str
    choices: [Inbound, Outbound]
    default: Outbound
  access:
    description: What becomes of the traffic.
    type: str
    choices: [Allow, Deny]
    default: Allow
  protocol:
    description: The protocol.
    type: str
    choices: [Tcp, Udp, Icmp, Esp, Ah, '*']
    default: Tcp
  priority:
    description:
      - Priority of the rule, 100 to 4096; a lower number comes first.
      - If omitted, an existing rule keeps its priority, and a new one gets the first free one from
        O(priority_from) on. A
        rule that allows gets one before all rules that deny in its direction.
    type: int
  priority_from:
    description: The first priority to try for a new rule.
    type: int
    default: 200
  source:
    description: Addresses, networks or service tags that the traffic comes from. Required if O(state=present).
    type: list
    elements: str
  source_ports:
    description: Ports or ranges of ports that the traffic comes from.
    type: list
    elements: str
    default: ['*']
  destination:
    description: Addresses, networks or service tags that the traffic goes to. Required if O(state=present).
    type: list
    elements: str
  destination_ports:
    description: Ports or ranges of ports that the traffic goes to.
    type: list
    elements: str
    default: ['*']
extends_documentation_fragment:
  - vmbackup.azure._azure
  - vmbackup.azure._azure.change
author:
  - vmbackup.azure contributors (@vmbackup)
seealso:
  - module: vmbackup.azure.azure_journal_restore
"""

EXAMPLES = r"""
- name: Let the proxy reach the internet
  vmbackup.azure.azure_nsg_rule:
    group: "{{ nsg_id }}"
    name: allow-proxy
    source: [10.0.0.5/32]
    destination: [Internet]
    destination_ports: [80-443]
  delegate_to: localhost

- name: Remove the rule
  vmbackup.azure.azure_nsg_rule:
    group: "{{ nsg_id }}"
    name: allow-proxy
    state: absent
  delegate_to: localhost
"""

RETURN = r"""
run_id:
  description: The run under which the change is recorded.
  returned: always
  type: str
  sample: 20261126T220000Z-0badcafe
before:
  description: The rule (null if it does not exist) before the change.
  returned: success
  type: dict
  sample:
    access: Deny
    description: ''
    destination: [Internet]
    destination_ports: ['*']
    direction: Outbound
    groups: {}
    priority: 200
    protocol: Tcp
    source: [10.0.0.5/32]
    source_ports: ['*']
after:
  description: The rule (null if it does not exist) after the change, or in check mode as it would be.
  returned: success
  type: dict
  sample:
    access: Allow
    description: ''
    destination: [Internet]
    destination_ports: [80-443]
    direction: Outbound
    groups: {}
    priority: 200
    protocol: Tcp
    source: [10.0.0.5/32]
    source_ports: ['*']
"""
