# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import time

from ansible.errors import AnsibleFilterError
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _plan, _remedies, _window


def plan(diagnosis, allow=(_remedies.AUTO,), skip=(), **options):
    """See plan.yml."""
    try:
        return _plan.plan(diagnosis, time.time(), _words(allow), _words(skip), **options)
    except ValueError as error:
        raise AnsibleFilterError(str(error)) from error


def window_obstacle(window, seconds=0):
    """See window_obstacle.yml."""
    try:
        return _window.obstacle(window, time.time(), seconds) or ""
    except ValueError as error:
        raise AnsibleFilterError(str(error)) from error


def _words(value):
    """A list; on the command line it is a text with commas."""
    return [word.strip() for word in value.split(",")] if isinstance(value, str) else value


class FilterModule:
    def filters(self):
        return {"plan": plan, "window_obstacle": window_obstacle}
