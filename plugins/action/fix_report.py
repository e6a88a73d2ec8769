# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import datetime
import json
import os
import pathlib

from ansible.plugins.action import ActionBase
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _answers, _fix_page, _fix_report
from ansible_collections.vmbackup.azure.plugins.plugin_utils._report import _files
from ansible_collections.vmbackup.azure.plugins.plugin_utils._run import REPORT_DIR, take_for_fix

_SPEC = {
    "state": {"type": "str", "choices": ["started", "written"], "default": "written"},
    "results": {"type": "list", "elements": "dict"},
    "run_id": {"type": "str", "default": ""},
    "plan": {"type": "path"},
    "report_dir": REPORT_DIR,
}


class ActionModule(ActionBase):
    TRANSFERS_FILES = False
    _supports_check_mode = True

    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        _result, options = self.validate_argument_spec(
            argument_spec=_SPEC, required_if=[("state", "written", ["results"])]
        )
        if options["state"] == "started":
            return _started(options["report_dir"])
        checked, run_id, hosts = bool(self._task.check_mode), options["run_id"], options["results"]
        directory = pathlib.Path(options["report_dir"]).absolute()
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        document = {"schema": 1, "generated": now, "run_id": run_id, "check_mode": checked, "hosts": hosts}
        sources = task_vars.get("ansible_inventory_sources") or ()
        plan = options["plan"] and os.path.realpath(options["plan"])
        said = list(_fix_report.lines(hosts, run_id, checked, sources, options["report_dir"], plan))
        try:
            _files.make(directory)
            path = _files.put(directory / "fix.json", json.dumps(document, indent=4, sort_keys=True))
            page = _write_page(directory, _fix_page.render(directory, hosts, said, checked))
        except OSError as error:
            return {"failed": True, "msg": str(error)}
        last = f"Report: {page}" if page else f"Result: {path}"
        answer = "\n".join([*said, *([f"Result: {path}"] if page else []), last])
        return _answers.give({"changed": False, "path": path, "page": page}, answer, last)


def _started(report_dir: str) -> dict:
    try:
        take_for_fix(report_dir, os.getppid())  # the action runs in a worker of the process that the operator started
    except (ValueError, OSError) as error:
        return {"failed": True, "msg": str(error)}
    return {"changed": False}


def _write_page(directory: pathlib.Path, page: str | None) -> str | None:
    if page is None:
        (directory / _fix_page.NAME).unlink(missing_ok=True)
        return None
    return _files.put(directory / _fix_page.NAME, page)
