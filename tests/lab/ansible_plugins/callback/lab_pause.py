# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds the run before a task of a name, until the test lets it go on."""

from __future__ import annotations

import os
import time
from pathlib import Path

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: lab_pause
type: notification
short_description: Hold the run for the lab's tests
description:
  - Before the first task VMBACKUP_LAB_PAUSE_AT the run makes the file C(reached) in the folder VMBACKUP_LAB_PAUSE,
    and waits for the file C(go) there, five minutes at most.
"""
LONGEST = 300


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "lab_pause"
    CALLBACK_NEEDS_ENABLED = True

    def v2_playbook_on_task_start(self, task, is_conditional):
        folder = Path(os.environ["VMBACKUP_LAB_PAUSE"])
        if not task.get_name().endswith(os.environ["VMBACKUP_LAB_PAUSE_AT"]):
            return
        (folder / "reached").touch()
        until = time.monotonic() + LONGEST
        while not (folder / "go").exists() and time.monotonic() < until:
            time.sleep(0.1)
