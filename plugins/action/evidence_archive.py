# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes an archive on the guest, with its state and findings in it, and fetches it over the same connection."""

from __future__ import annotations

import json
import os
import pathlib
import time

from ansible.errors import AnsibleActionFail, AnsibleConnectionFailure, AnsibleError
from ansible.utils.display import Display
from ansible_collections.vmbackup.azure.plugins.module_utils._evidence.archive import MIB
from ansible_collections.vmbackup.azure.plugins.module_utils._evidence.work import DEFAULT_MIB
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.masking import mask
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _choices, _connection, _states
from ansible_collections.vmbackup.azure.plugins.plugin_utils._action import GUEST_SPEC, ProbeAction, given_by_variables
from ansible_collections.vmbackup.azure.plugins.plugin_utils._evidence._archive import BESIDE, Archive
from ansible_collections.vmbackup.azure.plugins.plugin_utils._evidence._download import Download, in_powershell, in_sh
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import diagnose
from ansible_collections.vmbackup.azure.plugins.plugin_utils._version import VERSION

MODULES = {False: "vmbackup.azure.evidence_archive", True: "vmbackup.azure.win_evidence_archive"}
"""By whether the guest runs Windows."""
TELL_S = 5.0
PIECE_S = 300

_CHOSEN = {**GUEST_SPEC, **_choices.SPEC}


class ActionModule(ProbeAction):
    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        task_vars = task_vars or {}
        self._is_windows = _connection.is_windows(self._connection)
        _connection.settle_become(self._connection, None)
        args = {name: value for name, value in self._task.args.items() if name not in ("dest", "variables")}
        dest = self._task.args.get("dest")
        if args.get("state") == "absent" or args.get("name"):
            return self._module(args, task_vars)
        try:
            if not dest or self._task.check_mode:
                return self._make(args, task_vars)
            with Download(_target(dest, task_vars), _most(args)) as download:
                return self._fetched(download, args, task_vars)
        except ValueError as error:
            raise AnsibleActionFail(str(error)) from None
        except OSError as error:
            place = error.filename or f"{_target(dest, task_vars)}.part"
            raise AnsibleActionFail(f"Cannot write '{place}': {error.strerror or error}") from None

    def _fetched(self, download: Download, args: dict, task_vars: dict) -> dict:
        made = self._begun(download, args, task_vars)
        resumed = made is not None
        if made is None:
            made = self._make(args, task_vars)
            if made.get("failed") or not made.get("path"):
                return made
        try:
            if not resumed:
                download.begin(made, args)
            read = in_powershell if self._is_windows else in_sh
            download.fetch(made, self._output, _Progress(task_vars["inventory_hostname"]), read)
            Archive(download.part).verify()
            download.keep()
        except (ValueError, OSError) as error:
            # When the connection is lost or the disk is full, the guest keeps it for the next run.
            if isinstance(error, ValueError):
                download.forget()
            if download.begun() is None:
                self._remove(made, args, task_vars)
            raise
        self._remove(made, args, task_vars)
        return {**made, "changed": True, "dest": str(download.target), "resumed": resumed}

    def _remove(self, made: dict, args: dict, task_vars: dict) -> None:
        self._module({**_only(args, "directory"), "state": "absent", "name": made["name"]}, task_vars)

    def _begun(self, download: Download, args: dict, task_vars: dict) -> dict | None:
        """The archive that an earlier run did not fetch to its end, if the guest still has it."""
        note = download.begun()
        if note is None:
            return None
        if note["options"] != args:
            self._remove(note, note["options"], task_vars)
            return None
        found = self._module({**_only(args, "directory"), "name": note["name"]}, task_vars)
        same = found.get("path") and found.get("sha256") == note["sha256"]
        return found if same else None

    def _make(self, args: dict, task_vars: dict) -> dict:
        documents: dict = {"about": {"inventory_hostname": task_vars["inventory_hostname"], "version": VERSION}}
        if not self._task.check_mode:
            documents.update(self._diagnosis(task_vars))
        folder = self._connection._shell.join_path(self._make_tmp_path(), "documents.json")
        try:
            path = self._transfer_data(folder, self._written(documents))
            self._fixup_perms2((self._connection._shell.tmpdir, path))
            return self._module({**args, "documents": path}, task_vars)
        finally:
            self._remove_tmp_path(self._connection._shell.tmpdir)

    def _written(self, documents: dict) -> str:
        """As the module reads them: Windows PowerShell reads JSON only in part, so there it takes lines as they are."""
        if not self._is_windows:
            return json.dumps(documents)
        return "\n".join(f"{name} {json.dumps(value)}" for name, value in documents.items())

    def _diagnosis(self, task_vars: dict) -> dict:
        """State and findings. Logs are wanted most where these cannot be had."""
        args = self._task.args
        try:
            self._task.args = given_by_variables(self, _CHOSEN, task_vars)
            _result, options = self.validate_argument_spec(argument_spec=_CHOSEN)
            state = self.guest_state(options, task_vars)
            return {"state": mask(state), "findings": mask(diagnose(state, **_choices.read(options, task_vars)))}
        except AnsibleConnectionFailure:
            raise
        except (AnsibleError, ValueError) as error:
            Display().warning(f"{task_vars['inventory_hostname']}: {_connection.plain(error)}")
            return {}
        finally:
            self._task.args = args

    def _module(self, args: dict, task_vars: dict) -> dict:
        return self._execute_module(module_name=MODULES[self._is_windows], module_args=args, task_vars=task_vars)

    def _output(self, command: str) -> str:
        with _connection.guarded(None if self._task.timeout else PIECE_S):
            return self._low_level_execute_command(command)["stdout"]


class _Progress:
    """Says now and then how much has arrived."""

    def __init__(self, host: str):
        self._host = host
        self._said = time.monotonic()

    def __call__(self, done: int, size: int) -> None:
        if time.monotonic() - self._said >= TELL_S:
            self._said = time.monotonic()
            Display().display(f"{self._host}: {done >> 20} of {size >> 20} MiB fetched", stderr=True)


def _most(args: dict) -> int:
    """The bytes that an archive may have: a guest says its size, and could fill the disk of the controller."""
    given = str(args.get("max_mib"))  # the module refuses what is no number
    return (int(given) if given.isdecimal() else DEFAULT_MIB) * MIB + BESIDE


def _only(args: dict, name: str) -> dict:
    return {name: args[name]} if name in args else {}


def _target(dest: str, task_vars: dict) -> pathlib.Path:
    name = _states.file_name(task_vars["inventory_hostname"])
    return pathlib.Path(os.path.expanduser(dest)).absolute() / f"{name}.zip"
