# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import datetime
import os
import pathlib
from collections.abc import Iterable, Mapping

from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.masking import mask
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.options import OPTIONS
from ansible_collections.vmbackup.azure.plugins.plugin_utils import (
    _answers,
    _choices,
    _machines,
    _waivers,
)
from ansible_collections.vmbackup.azure.plugins.plugin_utils._action import (
    given_by_variables,
    options_of_some,
    refuse,
    run_token,
    written,
)
from ansible_collections.vmbackup.azure.plugins.plugin_utils._connection import plain
from ansible_collections.vmbackup.azure.plugins.plugin_utils._history import LATEST, History
from ansible_collections.vmbackup.azure.plugins.plugin_utils._report import _files, _terminal, _unjudged
from ansible_collections.vmbackup.azure.plugins.plugin_utils._report._breach import breach, charged
from ansible_collections.vmbackup.azure.plugins.plugin_utils._report._gate import NEVER
from ansible_collections.vmbackup.azure.plugins.plugin_utils._report._groups import headline
from ansible_collections.vmbackup.azure.plugins.plugin_utils._run import Run
from ansible_collections.vmbackup.azure.plugins.plugin_utils._variables import OF_REPORT

_VARIABLE = {**OF_REPORT, "timeout": OPTIONS["timeout"]}
_SPEC = {
    **_VARIABLE,
    "fail": {"type": "bool", "default": True},
    "hosts": {"type": "raw"},
    "state": {"type": "str", "choices": ["started", "finished", "azure", "saved", "merged"], "required": True},
    "reports": {"type": "list", "elements": "path"},
    "expected": {"type": "list", "elements": "str"},
    "variables": {"type": "str"},
}


class ActionModule(ActionBase):
    TRANSFERS_FILES = False

    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        try:
            state = self._task.args.get("state")
            inventory = {} if state == "finished" else refuse(self, task_vars, self._task.args.get("hosts"))
            own = set(_VARIABLE) - set(_choices.SPEC)
            if state == "merged":
                own -= set(_machines.SPEC)
            if state == "started":
                self._refuse_options_of_some(own - {"timeout", *self._task.args}, inventory)
            self._task.args = {**given_by_variables(self, own, task_vars), **self._task.args}
            options, choices = self._choices(task_vars)
            run = Run(options["report_dir"], run_token(self))
            report = {
                "fail_on": options["fail_on"],
                "azure": self._azure(options, task_vars),
                "history": _history(run, options),
                "waivers": self._waivers(options["waivers"], task_vars),
                "formats": options["formats"],
                **choices,
            }
            gates = options["fail_on"], options["fail_on_new"]
            if options["state"] == "azure":
                return self._told(self._of_azure(run, task_vars, options, report, gates), options["fail"], task_vars)
            if options["state"] == "saved":
                made = self._of_saved(run, task_vars, options, choices, report, gates)
                return self._told(made, options["fail"], task_vars)
            if options["state"] == "merged":
                return self._told(self._of_merged(run, task_vars, options, report, gates), options["fail"], task_vars)
            if options["state"] == "started":
                for sentence in _choices.notes(options):
                    Display().warning(sentence)
                return self._start(run, task_vars, options, report)
            return self._finish(run, report, gates, options["fail"], task_vars)
        except (ValueError, OSError) as error:
            return {"failed": True, "msg": str(error)}

    def _refuse_options_of_some(self, names: set[str], inventory: Mapping) -> None:
        """Raises ValueError for an option of the report that not all hosts have: that of whichever host came first
        would count. What the playbook sets itself outranks the inventory, and is the same for all."""
        for variable in sorted(options_of_some(self, names, inventory)):
            first, *others = inventory
            other = next(host for host in others if inventory[host].get(variable) != inventory[first].get(variable))
            if self._seen_by(first).get(variable) != self._seen_by(other).get(variable):
                raise ValueError(f"Cannot use '{variable}' of some hosts: there is one report; give all hosts the same")

    def _seen_by(self, host: str) -> Mapping:
        """The variables of this task where it runs for a host: what the play, its roles and its tasks set included."""
        play = self._task.get_play()
        manager = play.get_variable_manager()
        return manager.get_vars(play, manager._inventory.get_host(host), self._task, include_hostvars=False)

    def _choices(self, task_vars: dict) -> tuple[dict, dict]:
        """The options, and what an operator chose; without the latter where just this host has a choice that is wrong.

        A choice of all hosts is refused before any of them is asked. One host alone must not take the others' report.
        """
        given = dict(self._task.args)
        if given.get("state") == "merged":  # What was chosen is that of the runs.
            return self.validate_argument_spec(argument_spec=_SPEC)[1], {}
        try:
            self._task.args = {**given_by_variables(self, _choices.SPEC, task_vars), **given}
            _result, options = self.validate_argument_spec(argument_spec=_SPEC)
            return options, _choices.read(options, task_vars)
        except (ValueError, AnsibleError) as error:
            if given["state"] != "finished" and not options_of_some(
                self, set(_choices.SPEC) - set(given), written(task_vars)
            ):
                raise ValueError(plain(error)) from None
            Display().warning(
                f"The report does without the choices of {task_vars['inventory_hostname']}: {plain(error)}"
            )
        self._task.args = given
        _result, options = self.validate_argument_spec(argument_spec=_SPEC)
        return options, _choices.read(options, task_vars)

    def _azure(self, options: dict, task_vars: dict) -> _machines.Azure | None:
        """Azure's side of the run; None where it has no part in it."""
        alone = options["state"] == "azure"
        read = _machines.source({**options, "azure": True} if alone and options["azure"] is None else options)
        inventory = {host: task_vars["hostvars"][host] for host in task_vars["groups"]["all"]} if read else {}
        return read and _machines.Azure(read, inventory, alone)

    def _start(self, run: Run, task_vars: dict, options: dict, report: dict) -> dict:
        if options["azure_state_file"]:
            _machines.saved(options["azure_state_file"])  # What cannot be read is said before any host is asked.
        owner = os.getppid()  # the action runs in a worker of the process that the operator started
        # Only where the play names its hosts is a limit a part of them: a fix has reports of its own.
        beside = "limit" if options["hosts"] and task_vars.get("ansible_limit") else None
        azure = report["azure"] is not None
        if run.start(task_vars["ansible_play_hosts_all"], owner, _about(task_vars, options), beside, azure):
            # What is cut short is no run to compare with, but can be compared.
            changes = options["compare_with"] and History(run.report_dir, 0, options["compare_with"])
            run.finish_after(owner, **{**report, "azure": None, "history": changes})
        return {"changed": False, "report_dir": str(run.target())}

    def _waivers(self, path: str | None, task_vars: dict) -> _waivers.Waivers | None:
        if path is None:
            return None
        patterns = self._shared_loader_obj.lookup_loader.get("ansible.builtin.inventory_hostnames", loader=self._loader)
        today = datetime.datetime.now(datetime.timezone.utc).date()
        return _waivers.Waivers(_waivers.read(path), lambda waiver: patterns.run([waiver.hosts], task_vars), today)

    def _of_azure(self, run: Run, task_vars: dict, options: dict, report: dict, gates: tuple[str, str]) -> dict:
        """The report of virtual machines alone, begun and finished at once."""
        if report["azure"] is None:
            raise ValueError("Cannot diagnose from Azure alone: 'azure' is false")
        run.start([], os.getppid(), _about(task_vars, options))
        with run.alone():
            made, _complete = run.finish(**report) or ({}, None)
            run.close()
        return self._shown(run.report_dir, made, gates)

    def _of_saved(
        self, run: Run, task_vars: dict, options: dict, choices: dict, report: dict, gates: tuple[str, str]
    ) -> dict:
        """The report of what was saved of guests, begun and finished at once."""
        # With the probe, the readers of disks and of archives: only who needs them pays for them.
        from ansible_collections.vmbackup.azure.plugins.plugin_utils import _saved, _windows_disk

        prefix = self._task.args.get("variables") or ""
        saved = _saved.found(options["saved"] or [], options["timeout"])
        if not saved:
            raise ValueError(f"Cannot diagnose what was saved: '{prefix}saved' names nothing")
        own = next(filter(run.replaces, options["saved"]), None)
        if own:
            raise ValueError(
                f"Cannot diagnose '{own}': the report would replace it; name another directory, {prefix}report_dir"
            )
        run.start([each.name for each in saved], os.getppid(), _about(task_vars, options))
        chosen = {name: options[name] for name in _choices.SPEC}
        dirty: list[dict] = []
        absent: list[dict] = []
        for each in saved:
            result, state = _saved.judged(each, choices)
            run.record(result, state, chosen)
            if state and each.path.is_dir():
                dirty += _windows_disk.dirty(each.name, state)
                absent += _saved.unmounted(each.name, state)
        with run.alone():
            made, _complete = run.finish(**report) or ({}, None)
            run.close()
        left = _unjudged.unjudged(made)
        more = [*_unjudged.lines(left), *_windows_disk.lines(dirty), *_saved.lines(absent)]
        about = {"unjudged": left, "dirty_hives": dirty, "unmounted": absent}
        return {**self._shown(run.report_dir, made, gates, more), **about}

    def _of_merged(self, run: Run, task_vars: dict, options: dict, report: dict, gates: tuple[str, str]) -> dict:
        """The report of several reports, begun and finished at once. They say what was chosen for the diagnosis."""
        from ansible_collections.vmbackup.azure.plugins.plugin_utils import _merge

        if not options["reports"]:
            raise ValueError("Cannot merge reports: 'reports' names none")
        own = next(filter(run.replaces, options["reports"]), None)
        if own:
            raise ValueError(f"Cannot merge '{own}': the merged report would replace it; give it another directory")
        merged = _merge.Merged(map(_merge.read, options["reports"]), options["expected"] or ())
        made = _merge.merge(run, merged, os.getppid(), _about(task_vars, options)["parameters"], **report)
        return self._shown(run.report_dir, made, gates)

    def _finish(self, run: Run, report: dict, gates: tuple[str, str], fail: bool, task_vars: dict) -> dict:
        once = self._is_once_a_batch()
        ended = task_vars["ansible_play_batch"] if once else [task_vars["inventory_hostname"]]
        coming = set(task_vars["ansible_play_hosts"]) - set(ended)
        with run.alone():
            made, complete = run.finish(coming=coming, **report) or (None, False)
            directory = run.target()
            if complete:
                run.close()
        if made is None and once:
            raise ValueError(f"Cannot finish the report in '{run.report_dir}': no run of this play is open there")
        if made is None or not complete:
            return {"changed": False, "report_dir": str(directory)}
        result = self._shown(directory, made, gates)
        return result if fail else self._charged(result, made, gates, ended, task_vars)

    def _shown(self, directory: pathlib.Path, made: dict, gates: tuple[str, str], more: Iterable[str] = ()) -> dict:
        """The result of the task, with the report as it is shown."""
        last = [*more, f"Report: {_files.first(directory)}"]
        screen = _answers.screen()
        # The command prompt has a line, too.
        lines = screen.lines and screen.lines - len(last) - 1
        text = _terminal.render(made, screen.columns, screen.colour, lines)
        result = {
            "changed": False,
            "report_dir": str(directory),
            "summary": made["summary"],
            "causes": made["causes"],
            **({"history": made["history"]} if "history" in made else {}),
        }
        broken = breach(made, *gates)
        if broken:
            result.update(failed=True, msg=broken[0])
        return _answers.give(result, "\n".join([text + last[0], *last[1:]]), f"{headline(made['summary'])}. {last[-1]}")

    def _charged(self, result: dict, made: dict, gates: tuple[str, str], ended: list, task_vars: dict) -> dict:
        """The result where something later fails for a gate: the fact says why, and which hosts break it.

        ``ended``: the hosts that this task ends, which later tasks of the play can fail for.
        """
        fact: dict = {}
        broken = breach(made, *gates)
        if broken:
            host = charged(broken[1], task_vars["ansible_play_hosts"], task_vars["groups"])
            if host is None:
                return result
            hosts = [name for name in ended if name in broken[1]]
            fact = {"host": host, "hosts": hosts, "msg": result.pop("msg")}
            del result["failed"]
        return {**result, "ansible_facts": {"vmbackup_gate": fact}}

    @staticmethod
    def _told(result: dict, fail: bool, task_vars: dict) -> dict:
        """The result of a report begun and finished at once. Without ``fail``, a later task fails for a gate."""
        if fail:
            return result
        broken = result.pop("failed", False)
        fact = {"host": task_vars["inventory_hostname"], "hosts": [], "msg": result.pop("msg")} if broken else {}
        return {**result, "ansible_facts": {"vmbackup_gate": fact}}

    def _is_once_a_batch(self) -> bool:
        """Whether this task ends a whole batch; else each host has its own, and the last one closes the run."""
        return self._task.run_once and not self._task.get_play().strategy.endswith(("free", "host_pinned"))


def _about(task_vars: dict, options: dict) -> dict:
    """How the run was started. Secrets of a log-in to Azure are not options of a report that anybody may read."""
    given = {**options, "azure": options["azure"] is not None}
    return {
        "inventory": [str(source) for source in task_vars.get("ansible_inventory_sources") or ()],
        "limit": task_vars.get("ansible_limit"),
        "check_mode": bool(task_vars.get("ansible_check_mode")),
        "parameters": mask({name: given[name] for name in sorted(OF_REPORT) if given[name] not in (None, [])}),
    }


def _history(run: Run, options: dict) -> History:
    """The history of the directory; a gate on what is new compares with the latest run."""
    gated = options["fail_on_new"] != NEVER
    return History(run.report_dir, options["history"], options["compare_with"] or (LATEST if gated else None))
