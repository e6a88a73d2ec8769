# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import contextlib

from ansible.errors import AnsibleActionFail, AnsibleConnectionFailure, AnsibleError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.masking import mask
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _choices, _connection, _machines, _resource, _states
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
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._plan import CONNECTION_SECONDS
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import diagnose
from ansible_collections.vmbackup.azure.plugins.plugin_utils._run import Run
from ansible_collections.vmbackup.azure.plugins.plugin_utils._variables import OF_GUEST


class ActionModule(ProbeAction):
    _now: dict | None = None
    """The virtual machine, where it was read."""

    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        task_vars = task_vars or {}
        # How the result is given is settled first: whatever else is wrong is a result, too.
        self._take(_OF_THE_RESULT, task_vars)
        record = boolean(self._task.args.get("record", False), strict=False)
        if not record and not self._task.args.get("kept_guest"):
            try:
                return {"changed": False, **self._judge(self._options(task_vars), task_vars)[0], "reason": None}
            except (AnsibleError, ValueError) as error:
                if self._task.until:  # After an exception there would be no further try.
                    return {"failed": True, "msg": _connection.plain(error)}
                if isinstance(error, AnsibleError):
                    raise
                raise AnsibleActionFail(str(error)) from None
        judged, state, chosen = self._judge_or_reason(task_vars)
        if not record:
            return {"changed": False, **judged}
        vm = _resource.of(judged.get("vm", {}), self._inventory(task_vars), _resource.of_guest(state))
        result = {"host": task_vars["inventory_hostname"], **judged, "vm": vm}
        try:
            report_dir = self._task.args.get("report_dir") or OF_GUEST["report_dir"]["default"]
            Run(report_dir, run_token(self)).record(result, state, chosen)
        except OSError as error:
            raise AnsibleActionFail(str(error)) from None
        # Every word of a result costs the controller; what is healthy is in the record.
        result["findings"] = [finding for finding in result["findings"] if finding["status"] in _OPEN]
        return {"changed": False, **result}

    def _inventory(self, task_vars) -> dict:
        """What the inventory says of where the host is. A variable that has no value is that host's own fault."""
        found = {}
        for name in set(_resource.NAMES) & set(task_vars):
            with contextlib.suppress(Exception):
                found[name] = self._templar.template(task_vars[name])
        return found

    def _take(self, names, task_vars) -> None:
        """Adds options from variables to those of the task, which outrank them."""
        missing = [name for name in names if name not in self._task.args]
        self._task.args = {**given_by_variables(self, missing, task_vars), **self._task.args}

    def _options(self, task_vars) -> dict:
        self._take(OF_GUEST, task_vars)
        _result, options = self.validate_argument_spec(
            argument_spec=_SPEC, mutually_exclusive=[("state", "state_file")]
        )
        return options

    def _judge(self, options, task_vars) -> tuple[dict, dict]:
        """The diagnosis and the state that it rests on. Raises ValueError in an operator's words."""
        choices = _choices.read(options, task_vars)
        machine = self._machine(options, task_vars)
        if machine is not None and not options["ask_guest"]:
            return _machines.alone(task_vars.get("inventory_hostname"), machine, choices), {}
        state = self._state(options, task_vars)
        if machine is None:
            return diagnose(state, **choices), state
        return {**diagnose(state, azure=machine, **choices), **_machines.said(machine)}, state

    def _judge_or_reason(self, task_vars) -> tuple[dict, dict | None, dict | None]:
        """For a fleet: the result, the state it rests on, the options that it was judged by.

        A host that gives no state is a result as well, and must not end its batch.
        """
        options = None
        try:
            options = self._options(task_vars)
            diagnosis, state = self._judge(options, task_vars)
            return {**diagnosis, "reason": None}, state, _chosen(options)
        except AnsibleConnectionFailure as error:
            verdict, reason = UNREACHABLE, _connection.plain(error)
        except (AnsibleError, ValueError) as error:
            verdict, reason = UNKNOWN, _connection.plain(error)
        except Exception as error:
            verdict, reason = UNKNOWN, f"Cannot judge the guest: {type(error).__name__}: {_connection.plain(error)}"
        nothing: dict = {"platform": None, "first_cause": None, "cause": None, "findings": []}
        result = {**nothing, "verdict": verdict, "reason": reason}
        if options is None:
            return result, None, None
        return self._with_machine(result, options, task_vars), None, _chosen(options)

    def _with_machine(self, result: dict, options: dict, task_vars: dict) -> dict:
        """The result of a host without a guest state, by what is known of its virtual machine."""
        try:
            machine = self._machine(options, task_vars)
        except ValueError:
            return result
        joined = _machines.again({**result, "choices": _chosen(options)}, None, machine, {})
        return {name: part for name, part in joined.items() if name != "choices"}

    def _machine(self, options, task_vars) -> dict | None:
        """The host's virtual machine in Azure, read now or kept. Raises ValueError."""
        if options["machine_now"] is None:
            return _kept_machine(options["kept_machine"], task_vars.get("inventory_hostname"))
        if self._now is None:
            given = given_by_variables(self, ("azure",), task_vars).get("azure")
            # A try of a proof counts no more in Azure than on a guest.
            seconds = CONNECTION_SECONDS if self._task.until else None
            self._now = _machines.one(given, options["machine_now"], seconds)
        return self._now

    def _state(self, options, task_vars) -> dict:
        if options["kept_guest"] is not None:
            return _kept_guest(options["kept_guest"], task_vars["inventory_hostname"])
        if options["state"] is not None:
            return _schema.accept(mask(options["state"]))
        if options["state_file"] is not None:
            return _schema.accept(mask(_read(options["state_file"])))
        if options["failure"] is not None:
            raise ValueError(f"Cannot ask the guest: {options['failure']}")
        return self.guest_state(options, task_vars)


_OPEN = (FAIL, WARN, UNKNOWN)
_OF_THE_RESULT = ("report_dir", "kept_guest")

_SPEC = {
    **OF_GUEST,
    "state": {"type": "dict"},
    "ask_guest": {"type": "bool", "default": True},
    "record": {"type": "bool", "default": False},
    "variables": {"type": "str"},
    "failure": {"type": "str"},
}


def _chosen(options: dict) -> dict:
    return {name: options[name] for name in _choices.SPEC}


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
