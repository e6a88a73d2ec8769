# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts._change import Changed
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts._extension import Extension
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._values import last
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure_action import AzureAction


class ActionModule(AzureAction):
    spec = {
        "id": {"type": "str", "required": True},
        "state": {"type": "str", "choices": ["absent"], "default": "absent"},
    }

    def act(self, options):
        kind = Extension(self.client, self.tell)
        made = {last(id_): self.made(kind, id_, None) for id_ in kind.of(options["id"])}
        before = {name: one.before for name, one in made.items()}
        return self.shown(Changed(any(one.changed for one in made.values()), before, {}))
