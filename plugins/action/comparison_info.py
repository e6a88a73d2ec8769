# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares two runs, or the states of two guests, without a host."""

from __future__ import annotations

import json
import os
import pathlib
from collections.abc import Iterator, Mapping

from ansible.plugins.action import ActionBase
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.options import OPTIONS
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _answers, _choices, _compare, _saved
from ansible_collections.vmbackup.azure.plugins.plugin_utils._action import given_by_variables
from ansible_collections.vmbackup.azure.plugins.plugin_utils._report import _files

_SPEC = {
    **_choices.SPEC,
    "before": {"type": "path", "required": True},
    "after": {"type": "path", "required": True},
    "dest": {"type": "path"},
    "timeout": OPTIONS["timeout"],
    "variables": {"type": "str"},
}


class ActionModule(ActionBase):
    TRANSFERS_FILES = False
    _supports_check_mode = True

    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        self._task.args = {**given_by_variables(self, _SPEC, task_vars or {}), **self._task.args}
        _result, options = self.validate_argument_spec(argument_spec=_SPEC)
        try:
            choices = _choices.read(options, task_vars)
            before, after = (_saved.found([options[side]], options["timeout"]) for side in ("before", "after"))
            both, only_before, only_after = _compare.pairs(before, after)
            if not both:
                raise ValueError(_compare.nothing_in_common([before, after], [options["before"], options["after"]]))
            comparisons = [_compare.compare(old, new, choices) for old, new in both]
            result: dict = {"comparisons": comparisons, "only_before": only_before, "only_after": only_after}
            dest = options["dest"] and pathlib.Path(os.path.expanduser(options["dest"])).absolute()
            if dest:
                _files.put(dest, json.dumps(result, indent=1))
        except (ValueError, OSError) as error:
            return {"failed": True, "msg": str(error)}
        counts = {side: len(result[side]) for side in ("only_before", "only_after")}
        differing = [each for each in comparisons if each["error"] or each["findings"]]
        told: dict = {"changed": False, "compared": len(comparisons), "differing": differing, **counts}
        if comparisons and all(each["error"] for each in comparisons):
            told.update(failed=True, msg=comparisons[0]["error"])
        where = [f"Comparison: {dest}"] if dest else []
        short = ". ".join([f"{len(differing):,} of {len(comparisons):,} differ", *where])
        return _answers.give(told, "\n".join([*_lines(result), *where]), short)


def _lines(result: Mapping) -> Iterator[str]:
    same = 0
    for comparison in result["comparisons"]:
        if not (comparison["error"] or comparison["findings"]) and len(result["comparisons"]) > 1:
            same += 1
        else:
            yield from _compare.lines(comparison)
    if same:
        differ = len(result["comparisons"]) > same
        yield f"{same:,} {'more ' if differ else ''}with the same findings"
    for side, names in (("before", result["only_before"]), ("after", result["only_after"])):
        if names:
            yield f"Only {side}: {', '.join(names)}"
