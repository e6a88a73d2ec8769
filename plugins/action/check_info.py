# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Explains a check on the controller, without a host."""

from __future__ import annotations

from ansible.plugins.action import ActionBase
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _answers, _explain

_SPEC = {"check": {"type": "str", "required": True}}


class ActionModule(ActionBase):
    TRANSFERS_FILES = False
    _supports_check_mode = True

    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        _result, options = self.validate_argument_spec(argument_spec=_SPEC)
        try:
            pages = [_explain.page(check) for check in _explain.named(options["check"])]
        except ValueError as error:
            return {"failed": True, "msg": str(error)}
        columns = _answers.screen().columns
        text = "\n\n".join("\n".join(_explain.lines(page, columns)) for page in pages)
        return _answers.give({"changed": False, "checks": pages}, text, text)
