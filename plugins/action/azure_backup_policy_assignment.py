# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts._change import change
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts._item import Assignment, item_of
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure_action import AzureAction


class ActionModule(AzureAction):
    spec = {
        "id": {"type": "str", "required": True},
        "policy": {"type": "str", "required": True},
        "current_policy": {"type": "str"},
    }

    def act(self, options):
        kind = Assignment(self.client, self.tell)
        item = item_of(self.client, options["id"])
        seen = self.settled(kind, item)
        wanted = kind.resolve(item, options["policy"], seen)
        if options["current_policy"]:
            kind.expect(item, options["current_policy"], wanted, seen)
        return self.shown(change(kind, item, wanted, seen, self.journal, self.host))
