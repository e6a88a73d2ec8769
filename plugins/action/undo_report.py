# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible.plugins.action import ActionBase
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _answers, _fix_report

_SPEC = {
    "hosts": {"type": "list", "elements": "str", "required": True},
    "results": {"type": "list", "elements": "dict", "required": True},
    "run_id": {"type": "str", "required": True},
}
_LOST = "The run or the connection ended before this host was done"


class ActionModule(ActionBase):
    TRANSFERS_FILES = False
    _supports_check_mode = True

    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        _result, options = self.validate_argument_spec(argument_spec=_SPEC)
        known = {result["host"]: result for result in options["results"]}
        lost = {"restored": [], "kept": [], "failed": _LOST}
        hosts = [known.get(host, {"host": host, **lost}) for host in options["hosts"]]
        said = list(_fix_report.undone(hosts, options["run_id"], bool(self._task.check_mode)))
        return _answers.give({"changed": False}, "\n".join(said), said[0])
