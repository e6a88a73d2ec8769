# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts._journal import UNDONE, Journal, runs
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts._undo import undo_run
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure_action import AzureAction


class ActionModule(AzureAction):
    spec = {"run_id": {"type": "str", "required": True}}

    def act(self, options):
        journal = self.recorded
        if options["run_id"] == "latest":
            journal = self._latest(options["report_dir"])
        elif not journal.exists():
            raise ValueError(f"Cannot undo '{options['run_id']}': '{journal.folder}' has no such run")
        entries = journal.entries() if journal else []
        # Of a fleet, most hosts have nothing to undo in Azure: for them, nobody signs in.
        if not any(entry["host"] == self.host and entry["state"] != UNDONE for entry in entries):
            return {"changed": False, "restored": [], "kept": []}
        done = undo_run(self.client, journal, self.host, self._task.check_mode, self.tell)
        return {
            "run_id": journal.run_id,
            "changed": bool(done.restored),
            "restored": done.restored,
            "kept": done.kept,
        }

    def _latest(self, report_dir):
        """The newest run that has changed something for this host and was not taken back."""
        mine = (
            run["run_id"]
            for run in runs(report_dir)
            if any(one["host"] == self.host and one["state"] != UNDONE for one in run["touched"])
        )
        found = next(mine, None)
        return found and Journal(report_dir, found)
