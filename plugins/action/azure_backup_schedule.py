# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts._change import change
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts._policy import TIME, Schedule
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._error import AzureError
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure_action import AzureAction


class ActionModule(AzureAction):
    spec = {
        "policy": {"type": "str", "required": True},
        "times": {"type": "list", "elements": "str", "required": True},
        "time_zone": {"type": "str"},
    }

    ids = ("policy",)

    def act(self, options):
        for time in options["times"]:
            if not TIME.match(time):
                raise AzureError(f"Cannot use '{time}' in 'times': write a full or half hour as text, such as '22:30'")
        kind = Schedule(self.client, self.tell)
        seen = self.settled(kind, options["policy"])
        wanted = {
            "times": sorted({*options["times"]}),
            "time_zone": options["time_zone"] or seen.value["time_zone"],
        }
        return self.shown(change(kind, options["policy"], wanted, seen, self.journal, self.host))
