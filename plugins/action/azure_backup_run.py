# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts import _backup
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts._item import item_of
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure_action import AzureAction


class ActionModule(AzureAction):
    spec = {
        "id": {"type": "str", "required": True},
        "wait": {"type": "str", "choices": ["snapshot", "job"], "default": "snapshot"},
        "keep_days": {"type": "int", "default": 30},
        "most_in_24h": {"type": "int", "default": 3, "choices": list(range(1, 10))},
        "fresh": {"type": "bool", "default": False},
        "timeout": {"type": "int", "default": 7200},
    }

    def act(self, options):
        item = item_of(self.client, options["id"])
        backup = _backup.Backup(self.client, item, self.tell)
        jobs = backup.today()
        other = backup.running(jobs)
        job = None if options["fresh"] else other
        begins = job is None
        if begins:
            _backup.refuse_too_many(jobs, options["most_in_24h"], item)
        if self.journal is None:
            return {"changed": begins}
        if job is None:
            if other:
                backup.wait(other)
            job = backup.begin(options["keep_days"], self.journal, self.host)
        result = {"changed": begins, **backup.result(job, options["wait"] == "job")}
        why = _backup.failure(result)
        return {**result, "failed": True, "msg": why} if why else result
