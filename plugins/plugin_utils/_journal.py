# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes a task on the journal to the module of the host's platform, so that one playbook serves both."""

from __future__ import annotations

from ansible.plugins.action import ActionBase

from ..module_utils._guest.visible import visible
from . import _connection


class JournalAction(ActionBase):
    """An action whose module has the same name with ``win_`` before it on Windows."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict | None = None) -> dict:
        super().run(tmp, task_vars)
        name = self._task.action.rpartition(".")[2]
        prefix = "win_" if _connection.is_windows(self._connection) else ""
        return visible(self._execute_module(module_name=f"vmbackup.azure.{prefix}{name}", task_vars=task_vars))
