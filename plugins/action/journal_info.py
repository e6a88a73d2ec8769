# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

from ansible_collections.vmbackup.azure.plugins.plugin_utils._journal import JournalAction

_FORMS = {
    "run_id": re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"),
    "created": re.compile(r"\d{4}(-\d\d){2}T(\d\d:){2}\d\dZ"),
}


class ActionModule(JournalAction):
    def run(self, tmp=None, task_vars=None):
        result = super().run(tmp, task_vars)
        # The runs of all hosts are put in one order: one host's answer must not take the others' undo.
        if not result.get("failed") and not _are_runs(result.get("runs")):
            return {
                "failed": True,
                "msg": "Cannot list the runs: the answer of the host does not have the expected form",
            }
        return result


def _are_runs(runs):
    return isinstance(runs, list) and all(isinstance(run, dict) and _is_run(run) for run in runs)


def _is_run(run):
    return all(isinstance(run.get(name), str) and form.fullmatch(run[name]) for name, form in _FORMS.items())
