# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: hosts
short_description: The hosts of a play that must have one
version_added: 1.0.0
description:
  - Gives a pattern for C(hosts) of a play. Ansible ends a play without hosts as if all were well.
  - Where the pattern matches no host of the inventory, it gives V(localhost), whose tasks can say so.
  - Fails where C(--limit) leaves none of the hosts, because localhost would be left out as well.
options:
  _terms:
    description: The pattern, or one list of patterns.
    required: true
    type: list
    elements: raw
author:
  - vmbackup.azure contributors (@vmbackup)
"""

EXAMPLES = r"""
- name: Work on the hosts that the caller names
  hosts: "{{ query('vmbackup.azure.hosts', my_hosts | default('all')) }}"
  tasks: []
"""

RETURN = r"""
_list:
  description: Patterns for C(hosts).
  type: list
  elements: str
  sample: ["web:!web9"]
"""

from ansible.errors import AnsibleLookupError
from ansible.inventory.manager import InventoryManager
from ansible.plugins.lookup import LookupBase


class LookupModule(LookupBase):
    def run(self, terms, variables=None, **kwargs):
        pattern, limit = terms[0], variables.get("ansible_limit")
        inventory = InventoryManager(self._loader, parse=False)
        for group, hosts in variables["groups"].items():
            inventory.add_group(group)
            for host in hosts:
                inventory.add_host(host, group=group)
        matches = bool(inventory.get_hosts(pattern))
        inventory.subset(limit)
        if limit and not inventory.get_hosts(pattern):
            raise AnsibleLookupError(f"Cannot find a host: '{pattern}' and --limit '{limit}' have none in common")
        if not matches:
            return ["localhost"]
        return pattern if isinstance(pattern, list) else [pattern]
