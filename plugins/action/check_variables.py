# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible.plugins.action import ActionBase
from ansible_collections.vmbackup.azure.plugins.plugin_utils._action import refuse

_SPEC = {"hosts": {"type": "raw"}, "live": {"type": "bool", "default": False}}


class ActionModule(ActionBase):
    TRANSFERS_FILES = False
    _supports_check_mode = True

    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        _result, options = self.validate_argument_spec(argument_spec=_SPEC)
        try:
            refuse(self, task_vars, options["hosts"], options["live"])
        except ValueError as error:
            return {"failed": True, "msg": str(error)}
        return {"changed": False}
