# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls the module of one step of a plan, with the parameters that the step has."""

from __future__ import annotations

from ansible.plugins.action import ActionBase
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.visible import visible
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _other_action
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._model import AZURE
from ansible_collections.vmbackup.azure.plugins.plugin_utils._remedies import REMEDIES
from ansible_collections.vmbackup.azure.plugins.plugin_utils._run import REPORT_DIR

_MARGIN_S = 60
_SPEC = {
    "remedy": {"type": "str", "choices": list(REMEDIES), "required": True},
    "parameters": {"type": "dict", "default": {}},
    "run_id": {"type": "str", "required": True},
    "azure": {"type": "raw"},
    "report_dir": REPORT_DIR,
}


class ActionModule(ActionBase):
    TRANSFERS_FILES = False
    _supports_check_mode = True

    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        _result, options = self.validate_argument_spec(argument_spec=_SPEC)
        name = f"vmbackup.azure.{options['remedy']}"
        arguments = {**options["parameters"], "run_id": options["run_id"]}
        remedy = REMEDIES[options["remedy"]]
        if remedy.platform == AZURE:
            # What it waits for ends before the step does, so that it says so itself.
            more = {name: options[name] for name in ("azure", "report_dir")}
            arguments.update(more, timeout=remedy.seconds - _MARGIN_S)
        if not self._shared_loader_obj.action_loader.has_plugin(name):
            # What a guest says is shown as it comes back from here.
            return visible(self._execute_module(module_name=name, module_args=arguments, task_vars=task_vars))
        return _other_action.run(self, name, arguments, task_vars)
