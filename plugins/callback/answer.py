# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: answer
type: aggregate
short_description: Show the report as the last thing on the screen
version_added: 1.0.0
description:
  - Shows what the tasks of this collection found out (the report of a diagnosis, a comparison) after the recap, or
    before the next task that does something else. The totals of a fix come at its end.
  - The playbooks of this collection load it by themselves. Enable it for playbooks of your own.
  - If the stdout callback is not based on P(ansible.builtin.default#callback), for example because it writes JSON, the
    report goes to standard error.
requirements:
  - enabled in the configuration (C(callbacks_enabled=vmbackup.azure.answer)) for playbooks of your own
"""

from ansible import constants as C
from ansible.plugins.callback import CallbackBase
from ansible.plugins.callback.default import CallbackModule as Default
from ansible.plugins.loader import callback_loader
from ansible_collections.vmbackup.azure.plugins.plugin_utils._answers import Answers


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "vmbackup.azure.answer"

    def __init__(self):
        super().__init__()
        self._answers = Answers(stderr=not _is_text())

    def v2_playbook_on_start(self, playbook):
        self._answers.begin()

    def v2_playbook_on_task_start(self, task, is_conditional):
        self._answers.before(task.action)

    def v2_runner_on_ok(self, result):
        self._answers.keep(result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._answers.keep(result)

    def v2_playbook_on_stats(self, stats):
        self._answers.end()


def _is_text() -> bool:
    """Whether the standard output is text for people."""
    # What Ansible loads by a full name is not the class that others derive theirs from.
    callback, named = (
        callback_loader.get(name, class_only=True) for name in (C.DEFAULT_STDOUT_CALLBACK, "ansible.builtin.default")
    )
    return isinstance(callback, type) and issubclass(callback, (Default, named))
