# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import datetime
import time

from ansible.errors import AnsibleFilterError
from ansible.utils.display import Display
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _choices, _fix_plan
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import (
    _approval,
    _plan,
    _regressions,
    _window,
)
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._model import AUTO
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import joined
from ansible_collections.vmbackup.azure.plugins.plugin_utils._report._text import visible


def plan(diagnosis, allow=(AUTO,), skip=(), window=None, approved=None, timeout=15):
    """See plan.yml."""
    try:
        allow, skip = _words(allow), _words(skip)
        _choices.of_plan(allow, skip)
        for sentence in _choices.former([*allow, *skip]):
            Display().warning(sentence)
        catalogue = joined(diagnosis["platform"])
        return _plan.plan(diagnosis, catalogue, time.time(), allow, skip, window, approved, timeout)
    except ValueError as error:
        raise AnsibleFilterError(str(error)) from error


def plan_entries(plan, diagnosis):
    """See plan_entries.yml."""
    return _approval.entries(diagnosis, plan, joined(diagnosis["platform"]))


def fix_plan(hosts, days=7):
    """See fix_plan.yml."""
    return _fix_plan.render(hosts, _now(), days)


def approved_plan(path, known=None):
    """See approved_plan.yml."""
    try:
        approved = _fix_plan.read(path, _now())
    except ValueError as error:
        raise AnsibleFilterError(str(error)) from error
    for host in sorted(set(approved).difference(approved if known is None else known)):
        Display().warning(f"The plan '{path}' names '{visible(host)}', which is not in the inventory")
    return approved


def regressions(after, before):
    """See regressions.yml."""
    return _regressions.regressions(after, before)


def window_obstacle(window, seconds=0):
    """See window_obstacle.yml."""
    try:
        return _window.obstacle(window, time.time(), seconds) or ""
    except ValueError as error:
        raise AnsibleFilterError(str(error)) from error


def _now():
    return datetime.datetime.now(datetime.timezone.utc)


def _words(value):
    """A list; on the command line it is a text with commas."""
    return [word.strip() for word in value.split(",")] if isinstance(value, str) else value


class FilterModule:
    def filters(self):
        return {
            "approved_plan": approved_plan,
            "fix_plan": fix_plan,
            "plan": plan,
            "plan_entries": plan_entries,
            "regressions": regressions,
            "window_obstacle": window_obstacle,
        }
