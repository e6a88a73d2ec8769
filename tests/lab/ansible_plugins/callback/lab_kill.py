# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills the run, as `kill -9` does: some time after a task of a name has begun."""

from __future__ import annotations

import os
import signal
import threading

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: lab_kill
type: notification
short_description: Kill the run for the lab's tests
description: Ends the process of the playbook VMBACKUP_LAB_KILL_AFTER seconds after the task VMBACKUP_LAB_KILL_AT began.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "lab_kill"
    CALLBACK_NEEDS_ENABLED = True

    def v2_playbook_on_task_start(self, task, is_conditional):
        if task.get_name().endswith(os.environ["VMBACKUP_LAB_KILL_AT"]):
            after = float(os.environ["VMBACKUP_LAB_KILL_AFTER"])
            threading.Timer(after, os.kill, (os.getpid(), signal.SIGKILL)).start()
