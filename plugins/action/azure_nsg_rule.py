# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts._change import change
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts._rule import (
    LOWEST,
    Rule,
    free_priority,
    refuse_taken,
)
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure_action import AzureAction

_WORDS = {"type": "list", "elements": "str"}
_ANY = {**_WORDS, "default": ["*"]}
_GIVEN = ("description", "direction", "access", "protocol", "priority")
_LISTS = ("source", "source_ports", "destination", "destination_ports")


class ActionModule(AzureAction):
    spec = {
        "group": {"type": "str", "required": True},
        "name": {"type": "str", "required": True},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "description": {"type": "str", "default": ""},
        "direction": {"type": "str", "choices": ["Inbound", "Outbound"], "default": "Outbound"},
        "access": {"type": "str", "choices": ["Allow", "Deny"], "default": "Allow"},
        "protocol": {"type": "str", "choices": ["Tcp", "Udp", "Icmp", "Esp", "Ah", "*"], "default": "Tcp"},
        "priority": {"type": "int"},
        "priority_from": {"type": "int", "default": 200},
        "source": _WORDS,
        "source_ports": _ANY,
        "destination": _WORDS,
        "destination_ports": _ANY,
    }
    ids = ("group",)
    rules = {"required_if": [("state", "present", ("source", "destination"))]}

    def act(self, options):
        kind = Rule(self.client, self.tell)
        id_ = f"{options['group']}/securityRules/{options['name']}"
        seen = self.settled(kind, id_)
        wanted = self._wanted(options, seen) if options["state"] == "present" else None
        return self.shown(change(kind, id_, wanted, seen, self.journal, self.host))

    def _wanted(self, options, seen):
        value = {name: options[name] for name in _GIVEN} | {name: sorted({*options[name]}) for name in _LISTS}
        if value["priority"] is None:
            own = seen.value and seen.value["priority"]
            first = max(LOWEST, options["priority_from"])
            value["priority"] = own or free_priority(seen.document, value["direction"], value["access"], first)
        refuse_taken(seen.document, options["name"], value["direction"], value["priority"])
        return {**value, "groups": {}}
