# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts._change import Changed
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts._machine import Power, Provisioning
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure_action import AzureAction

_POWER = {"started": "running", "deallocated": "deallocated"}


class ActionModule(AzureAction):
    spec = {
        "id": {"type": "str", "required": True},
        "state": {"type": "str", "choices": list(_POWER)},
        "reapply": {"type": "bool"},
    }
    rules = {"required_one_of": [("state", "reapply")]}

    def act(self, options):
        made = {}
        if options["reapply"]:
            made["provisioning_state"] = self.made(Provisioning(self.client, self.tell), options["id"], "Succeeded")
        if options["state"]:
            made["power"] = self.made(Power(self.client, self.tell), options["id"], _POWER[options["state"]])
        before, after = ({name: getattr(one, side) for name, one in made.items()} for side in ("before", "after"))
        return self.shown(Changed(any(one.changed for one in made.values()), before, after))
