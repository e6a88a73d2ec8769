# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An action that runs another one on its host, in place of a task of the playbook."""

from __future__ import annotations

from collections.abc import Mapping

from ansible.plugins.action import ActionBase


def run(action: ActionBase, name: str, arguments: Mapping, task_vars: Mapping) -> dict:
    """The result of the action ``name`` with the connection, the privileges and the check mode of this one."""
    task = action._task.copy()
    task.args = dict(arguments)
    shared = action._shared_loader_obj
    other = shared.action_loader.get(
        name,
        task=task,
        connection=action._connection,
        play_context=action._play_context,
        loader=action._loader,
        templar=action._templar,
        shared_loader_obj=shared,
    )
    return other.run(task_vars=task_vars)
