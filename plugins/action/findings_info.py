# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

from ansible.errors import AnsibleActionFail, AnsibleConnectionFailure, AnsibleError
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _choices, _connection
from ansible_collections.vmbackup.azure.plugins.plugin_utils._action import (
    GUEST_SPEC,
    ProbeAction,
    given_by_variables,
)
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _schema
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._evaluate import (
    UNKNOWN,
    UNREACHABLE,
)
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._model import FAIL, WARN
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import diagnose
from ansible_collections.vmbackup.azure.plugins.plugin_utils._run import REPORT_DIR, Run


class ActionModule(ProbeAction):
    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        task_vars = task_vars or {}
        self._task.args = {**given_by_variables(self, VARIABLE, task_vars), **self._task.args}
        _result, options = self.validate_argument_spec(
            argument_spec=_SPEC, mutually_exclusive=[("state", "state_file")]
        )
        if not options["record"]:
            return {"changed": False, **self._judge(options, task_vars), "reason": None}
        result = {"host": task_vars["inventory_hostname"], **self._judge_or_reason(options, task_vars)}
        Run(options["report_dir"]).record(result)
        # Every word of a result costs the controller; what is healthy is in the record.
        result["findings"] = [finding for finding in result["findings"] if finding["status"] in _OPEN]
        return {"changed": False, **result}

    def _judge(self, options, task_vars) -> dict:
        try:
            choices = _choices.read(options)
            return diagnose(self._state(options, task_vars), **choices)
        except ValueError as error:
            raise AnsibleActionFail(str(error)) from None

    def _judge_or_reason(self, options, task_vars) -> dict:
        """For a fleet: a host that gives no state is a result as well, and must not end its batch."""
        nothing = {"platform": None, "first_cause": None, "cause": None, "findings": []}
        try:
            return {**self._judge(options, task_vars), "reason": None}
        except AnsibleConnectionFailure as error:
            return {**nothing, "verdict": UNREACHABLE, "reason": _connection.plain(error)}
        except AnsibleError as error:
            return {**nothing, "verdict": UNKNOWN, "reason": _connection.plain(error)}

    def _state(self, options, task_vars) -> dict:
        if options["state"] is not None:
            return _schema.accept(options["state"])
        if options["state_file"] is not None:
            return _schema.accept(_read_json(self._find_needle("files", options["state_file"])))
        return self.guest_state(options, task_vars)


_OPEN = (FAIL, WARN, UNKNOWN)

VARIABLE = {**GUEST_SPEC, **_choices.SPEC, "state_file": {"type": "path"}, "report_dir": REPORT_DIR}
_SPEC = {
    **VARIABLE,
    "state": {"type": "dict"},
    "record": {"type": "bool", "default": False},
    "variables": {"type": "str"},
}


def _read_json(path: str) -> object:
    try:
        with open(path, encoding="utf-8") as handle:
            return json.load(handle)
    except (OSError, ValueError) as error:
        raise ValueError(f"Cannot read '{path}': {error}") from error
