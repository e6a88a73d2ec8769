# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.vmbackup.azure.plugins.plugin_utils._action import GUEST_SPEC, ProbeAction


class ActionModule(ProbeAction):
    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        _result, options = self.validate_argument_spec(argument_spec=GUEST_SPEC)
        return {"changed": False, "state": self.guest_state(options, task_vars or {})}
