# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible.plugins.action import ActionBase
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts._item import Assignment
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts._journal import runs
from ansible_collections.vmbackup.azure.plugins.plugin_utils._run import REPORT_DIR

_MOVE = ("localhost", Assignment.name)
"""What schedule.yml changes: machines of any host. Whatever else was changed for localhost is its own."""


class ActionModule(ActionBase):
    TRANSFERS_FILES = False
    _supports_check_mode = True

    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        _result, options = self.validate_argument_spec(argument_spec=_SPEC)
        try:
            found = runs(options["report_dir"])
        except (ValueError, OSError) as error:
            return {"failed": True, "msg": str(error)}
        if options["hosts"] is not None:
            hosts = set(options["hosts"])
            # Whose a damaged one is cannot be determined.
            found = [run for run in found if run["damaged"] or any(_is_of(one, hosts) for one in run["touched"])]
        return {"changed": False, "runs": found}


def _is_of(change, hosts):
    return change["host"] in hosts and (change["host"], change["kind"]) != _MOVE


_SPEC = {"report_dir": REPORT_DIR, "hosts": {"type": "list", "elements": "str"}}
