# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the action plugins share: their options, and one round trip to the guest for its state."""

from __future__ import annotations

import gc
import json
import shlex
import time
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible.utils.vars import load_extra_vars
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.masking import mask, prepare

from ..module_utils._guest.options import OPTIONS
from ..module_utils._guest.surroundings import PATH
from . import _connection, _variables
from ._engine import _schema
from ._engine._model import PLATFORMS
from ._engine._plan import CONNECTION_SECONDS
from ._engine._safe import safe
from ._rehearsal import rehearse
from ._script import LAUNCH, probe_script
from ._signatures import for_probe

GUEST_SPEC = {**OPTIONS, "become": {"type": "bool"}}
"""Options of an action that may ask the guest."""

_MODULES = {
    "linux": "vmbackup.azure.linux_guest_state_info",
    "windows": "vmbackup.azure.win_guest_state_info",
}

ANSWER_LIMIT = 4 << 20
"""Characters of a guest state; that of a guest full of trouble has a fortieth of it."""

_LOOKED_AT = 1 << 16

_PYTHONS = ("python3", "/usr/libexec/platform-python", "python")

# Ansible loads this module before it forks a worker for every host: what is made here is made once a run.
for _platform in PLATFORMS:
    rehearse(_platform)
probe_script()
for_probe()
prepare()
# To look for cycles among all that would copy its pages in each worker, and take the controller's time again and again.
gc.freeze()


def given_by_variables(action: ActionBase, names: Iterable[str], task_vars: Mapping) -> dict:
    """Options from variables of the host: those whose name is the task's ``variables`` and the option's.

    A template costs more than ten checks, so only those in use are made.
    """
    prefix = action._task.args.get("variables")
    if not prefix:
        return {}
    given = {name: action._templar.template(task_vars[prefix + name]) for name in names if prefix + name in task_vars}
    # An empty text is the usual way to say nothing. Only of the proxy it says something: there is to be none.
    return {name: value for name, value in given.items() if name == "expect_proxy" or value not in ("", None)}


def refuse(action: ActionBase, task_vars: Mapping, pattern: str | None = None, live: bool = False) -> Mapping:
    """Raises ValueError for a variable of any host of the play that cannot be used, before a host is asked, and where
    tags would leave out the rest of a playbook. Returns the variables of all hosts (see ``written``).

    ``pattern``: the hosts that the play is for. A playbook whose pattern matches none runs on localhost, to say so.
    ``live``: what changes a host rests on no state but its own.
    """
    _refuse_a_part(action, task_vars)
    own = task_vars["inventory_hostname"]
    if pattern is not None and own not in task_vars["groups"]["all"]:
        raise ValueError(f"Cannot find a host: '{pattern}' matches none of the inventory")
    inventory = written(task_vars)
    typed = load_extra_vars(action._loader)
    _variables.refuse_of_plays(inventory, typed)
    _variables.refuse({**inventory, own: task_vars}, live, typed)
    return inventory


def written(task_vars: Mapping) -> dict[str, Mapping]:
    """The variables of all hosts of the play, as they are written. This takes a while for thousands of hosts."""
    return {host: task_vars["hostvars"].raw_get(host) for host in task_vars["ansible_play_hosts_all"]}


def _refuse_a_part(action: ActionBase, task_vars: Mapping) -> None:
    """Raises ValueError where a task runs only because it is tagged ``always``, as the first one of a playbook is."""
    rest = {tag for tag in action._task.tags if tag != "always"}
    called = {"all", "tagged", *rest} if rest else {"all", "untagged"}
    if called.isdisjoint(task_vars["ansible_run_tags"]) or not called.isdisjoint(task_vars["ansible_skip_tags"]):
        raise ValueError("Cannot run a part of a playbook: leave out --tags and --skip-tags")


def options_of_some(action: ActionBase, names: Iterable[str], inventory: Mapping[str, Mapping]) -> list[str]:
    """The variables of options that the hosts have differently. ``inventory``: see ``written``."""
    prefix = action._task.args.get("variables")
    if not prefix:
        return []
    variables = [prefix + name for name in names]
    by_variable = {variable: [of_host.get(variable) for of_host in inventory.values()] for variable in variables}
    return [variable for variable, given in by_variable.items() if given.count(given[0]) < len(given)]


def probe_command(pythons: Iterable[str], arguments: Mapping) -> str:
    """The command that runs the script from its input, by the first of the interpreters that is there.

    Root may run it in a directory of the user who signed in: isolated (``-I``), Python imports nothing from there, nor
    from what the user's environment and home name; it needs no site packages (``-S``), which saves time as well.
    """
    words = shlex.join(["-IS", "-c", LAUNCH, json.dumps(arguments)])
    tries = [f"command -v {p} >/dev/null 2>&1 && exec {p} {words}" for p in map(shlex.quote, pythons)]
    return f"/bin/sh -c {shlex.quote('; '.join([f'PATH={PATH}', *tries, 'exit 127']))}"


def run_token(action: ActionBase) -> str:
    """What tells the run of a report from all others: it is the same in all tasks and batches of one play only."""
    return action._task.get_play()._uuid


class ProbeAction(ActionBase):
    """An action that may ask the guest for its state."""

    TRANSFERS_FILES = False

    def guest_state(self, options: Mapping, task_vars: Mapping) -> dict:
        """Probes the guest. Raises AnsibleActionFail with the reason when the probe gave no state."""
        platform = "windows" if _connection.is_windows(self._connection) else "linux"
        _connection.settle_become(self._connection, options["become"])
        arguments = {name: options[name] for name in OPTIONS if options.get(name) is not None}
        if platform == "windows" and arguments.pop("root", None):
            raise AnsibleActionFail("Cannot read a file tree on Windows: 'root' is for Linux guests")
        self._until = time.monotonic() + arguments["timeout"] + CONNECTION_SECONDS
        state = self._by_script(arguments, task_vars) if platform == "linux" else None
        try:
            if platform == "linux":
                # The script carries them in itself.
                arguments["signatures"] = for_probe()
            return _schema.accept(state or self._by_module(_MODULES[platform], arguments, task_vars))
        except ValueError as error:
            raise AnsibleActionFail(str(error)) from None

    def _by_script(self, arguments: Mapping, task_vars: Mapping) -> dict | None:
        """The state by the plain script, at half a module's price; None where only a module can tell more.

        It needs a connection that takes a command's input (pipelining), and finds a Python on the guest by itself, so
        that no round trip is spent on looking for one.
        """
        if not _connection.takes_input(self._connection):
            return None
        given = str(self._templar.template(task_vars.get("ansible_python_interpreter", "")))
        pythons = [given] if given.startswith("/") else _PYTHONS
        with self._guarded():
            reply = self._low_level_execute_command(probe_command(pythons, arguments), in_data=probe_script())
        _head, mark, tail = reply["stdout"].partition('{"schema"')
        _bound(len(tail))
        try:
            return json.loads(mark + tail)
        except RecursionError:
            raise AnsibleActionFail("Cannot probe the guest: its answer is nested too deeply") from None
        except ValueError:
            return None

    def _by_module(self, name: str, arguments: Mapping, task_vars: Mapping) -> dict:
        with self._guarded():
            result = self._execute_module(module_name=name, module_args=dict(arguments), task_vars=dict(task_vars))
        if result.get("failed") or "state" not in result:
            raise AnsibleActionFail(safe(mask(f"Cannot probe the guest: {_reason(result)}")))
        _bound(len(json.dumps(result["state"])))
        return mask(result["state"])  # Windows masks by code of its own.

    def _guarded(self) -> AbstractContextManager[None]:
        """Bounds the waits for the guest, unless the task's own time-out does: both use the same alarm."""
        return _connection.guarded(None if self._task.timeout else max(self._until - time.monotonic(), 1))


def _bound(size: int) -> None:
    if size > ANSWER_LIMIT:
        raise AnsibleActionFail(f"Cannot probe the guest: its answer is larger than {ANSWER_LIMIT >> 20} MiB")


def _reason(result: Mapping) -> str:
    """The line that tells most of a module that did not answer: a traceback's last, else the shell's first."""
    for name in ("module_stderr", "module_stdout", "exception"):
        text = result.get(name)
        # Newer versions of Ansible keep an exception as an object. Of much output only the beginning is looked at.
        lines = text[:_LOOKED_AT].splitlines() if isinstance(text, str) else []
        lines = [line.strip() for line in lines if line.strip()]
        if lines:
            return lines[-1] if any(line.startswith("Traceback") for line in lines) else lines[0]
    return str(result.get("msg") or "the module gave no answer")
