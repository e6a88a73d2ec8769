# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible.errors import AnsibleActionFail, AnsibleConnectionFailure, AnsibleError
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.masking import mask
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _choices, _connection, _machines, _states
from ansible_collections.vmbackup.azure.plugins.plugin_utils._action import (
    ProbeAction,
    given_by_variables,
    run_token,
)
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _schema
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._evaluate import (
    UNKNOWN,
    UNREACHABLE,
)
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._model import FAIL, WARN
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import diagnose
from ansible_collections.vmbackup.azure.plugins.plugin_utils._run import Run
from ansible_collections.vmbackup.azure.plugins.plugin_utils._variables import OF_GUEST


class ActionModule(ProbeAction):
    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        task_vars = task_vars or {}
        self._task.args = {**given_by_variables(self, OF_GUEST, task_vars), **self._task.args}
        _result, options = self.validate_argument_spec(
            argument_spec=_SPEC, mutually_exclusive=[("state", "state_file")]
        )
        host = task_vars.get("inventory_hostname")
        machine = _kept_machine(options["kept_machine"], host)
        if not options["record"] and not options["kept_guest"]:
            return {"changed": False, **self._judge(options, machine, task_vars)[0], "reason": None}
        judged, state = self._judge_or_reason(options, machine, task_vars)
        if not options["record"]:
            return {"changed": False, **judged}
        result = {"host": host, **judged}
        try:
            chosen = {name: options[name] for name in _choices.SPEC}
            Run(options["report_dir"], run_token(self)).record(result, state, chosen)
        except OSError as error:
            raise AnsibleActionFail(str(error)) from None
        # Every word of a result costs the controller; what is healthy is in the record.
        result["findings"] = [finding for finding in result["findings"] if finding["status"] in _OPEN]
        return {"changed": False, **result}

    def _judge(self, options, machine, task_vars) -> tuple[dict, dict]:
        """The diagnosis and the state that it rests on."""
        try:
            choices = _choices.read(options, task_vars)
            state = self._state(options, task_vars)
            if machine is None:
                return diagnose(state, **choices), state
            return {**diagnose(state, azure=machine, **choices), "azure": _machines.summary(machine)}, state
        except ValueError as error:
            raise AnsibleActionFail(str(error)) from None

    def _judge_or_reason(self, options, machine, task_vars) -> tuple[dict, dict | None]:
        """For a fleet: a host that gives no state is a result as well, and must not end its batch."""
        nothing: dict = {"platform": None, "first_cause": None, "cause": None, "findings": []}
        try:
            diagnosis, state = self._judge(options, machine, task_vars)
            return {**diagnosis, "reason": None}, state
        except AnsibleConnectionFailure as error:
            result = {**nothing, "verdict": UNREACHABLE, "reason": _connection.plain(error)}
        except AnsibleError as error:
            result = {**nothing, "verdict": UNKNOWN, "reason": _connection.plain(error)}
        chosen = {name: options[name] for name in _choices.SPEC}
        joined = _machines.again({**result, "choices": chosen}, None, machine, {})
        return {name: part for name, part in joined.items() if name != "choices"}, None

    def _state(self, options, task_vars) -> dict:
        if options["kept_guest"] is not None:
            return _kept_guest(options["kept_guest"], task_vars["inventory_hostname"])
        if options["state"] is not None:
            return _schema.accept(mask(options["state"]))
        if options["state_file"] is not None:
            return _schema.accept(mask(_read(options["state_file"])))
        return self.guest_state(options, task_vars)


_OPEN = (FAIL, WARN, UNKNOWN)

_SPEC = {
    **OF_GUEST,
    "state": {"type": "dict"},
    "record": {"type": "bool", "default": False},
    "variables": {"type": "str"},
}


def _kept_guest(report_dir: str, host: str) -> dict:
    try:
        return _schema.accept(mask(_states.kept(report_dir)[host]))
    except KeyError:
        raise ValueError(f"Cannot judge '{host}' again: no state of its guest is kept in '{report_dir}'") from None


def _kept_machine(report_dir: str | None, host: str) -> dict | None:
    machine = _states.machines_in(_states.kept(report_dir)).get(host) if report_dir else None
    return machine and _schema.accept(mask(machine))


def _read(path: str) -> object:
    try:
        return _states.read(path)
    except (OSError, ValueError) as error:
        raise ValueError(f"Cannot read '{path}': {error}") from error
