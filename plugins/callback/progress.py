# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: progress
type: stdout
short_description: Show live progress of a run over a fleet instead of the task log
version_added: 1.0.0
description:
  - Shows how many hosts of the play are done, their verdicts so far, and the host that takes longest. On a terminal
    this is one line that is updated; otherwise a line every few seconds.
  - Apart from that it shows failures, changes and the output of debug tasks. With C(-v) it shows the whole task log.
  - The recap has the hosts that failed, were not reached or were changed. The report comes after it.
extends_documentation_fragment:
  - default_callback
  - result_format_callback
options:
  progress_interval:
    description: Seconds between two lines if the output is not a terminal.
    type: float
    default: 10
    env:
      - name: VMBACKUP_PROGRESS_INTERVAL
    ini:
      - section: callback_vmbackup_progress
        key: interval
requirements:
  - set as stdout callback in the configuration
"""

import collections
import contextlib
import copy
import shutil
import sys
import time
from collections.abc import Callable

from ansible.plugins.callback.default import CallbackModule as Default
from ansible_collections.vmbackup.azure.plugins.plugin_utils._answers import Answers
from ansible_collections.vmbackup.azure.plugins.plugin_utils._results import action_of, data_of, host_of

WATCHED = "vmbackup.azure.findings_info"


class CallbackModule(Default):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "vmbackup.azure.progress"

    def __init__(self):
        super().__init__()
        self._line = _Line()
        self._answers = Answers()
        self._verdicts: dict[str, str] = {}
        self._counted = None
        self._waiting: dict[str, float] = {}
        self._hosts = 0

    def set_options(self, *args, **kwargs):
        super().set_options(*args, **kwargs)
        self._quiet = self._display.verbosity == 0
        if self._quiet:
            for name in ("display_ok_hosts", "display_skipped_hosts"):
                self.set_option(name, False)

    def v2_playbook_on_start(self, playbook):
        self._answers.begin()
        super().v2_playbook_on_start(playbook)

    def v2_playbook_on_no_hosts_matched(self):
        if not self._quiet:
            super().v2_playbook_on_no_hosts_matched()

    def v2_playbook_on_play_start(self, play):
        if not self._quiet:
            return super().v2_playbook_on_play_start(play)
        self._play = play
        return None

    def v2_playbook_on_task_start(self, task, is_conditional):
        self._line.clear()
        self._answers.before(task.action)
        if task.action == WATCHED:
            # Batches of one play count on; another play, or another task of it, has hosts of its own.
            if self._counted != (task.get_play()._uuid, task.name):
                self._counted = task.get_play()._uuid, task.name
                self._verdicts = {}
            self._hosts = len(self._play.get_variable_manager()._inventory.get_hosts(self._play.hosts))
        super().v2_playbook_on_task_start(task, is_conditional)

    def v2_runner_on_start(self, host, task):
        super().v2_runner_on_start(host, task)
        if task.action == WATCHED:
            self._waiting[host.get_name()] = time.monotonic()

    def v2_runner_on_ok(self, result):
        data = data_of(result)
        self._answers.keep(result)
        if not self._seen(result, data.get("verdict")) and data.get("_ansible_verbose_always") and self._quiet:
            self.set_option("display_ok_hosts", True)
            super().v2_runner_on_ok(result)
            self.set_option("display_ok_hosts", False)
            return
        if self._quiet:  # what is not shown would take its warnings with it
            self._handle_warnings(data)
        super().v2_runner_on_ok(result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._seen(result, "failed")
        self._line.clear()
        self._answers.keep(result)
        if self._quiet and self._answers.tells(action_of(result)):
            self._display.display(data_of(result)["msg"], color="red", stderr=True)
            return
        super().v2_runner_on_failed(result, ignore_errors=ignore_errors)

    def v2_runner_on_unreachable(self, result):
        self._seen(result, "unreachable")
        self._line.clear()
        super().v2_runner_on_unreachable(result)

    def v2_playbook_on_stats(self, stats):
        self._line.clear()
        if not self._quiet:
            super().v2_playbook_on_stats(stats)
        elif stats.failures or stats.dark or stats.changed:
            told = copy.copy(stats)
            told.processed = {
                host: seen
                for host, seen in stats.processed.items()
                if any(host in hosts for hosts in (stats.failures, stats.dark, stats.changed))
            }
            super().v2_playbook_on_stats(told)
        self._answers.end()

    def _seen(self, result, verdict) -> bool:
        """Counts the end of a watched task; False for all others."""
        host = host_of(result)
        if self._waiting.pop(host, None) is None or not verdict:
            return False
        self._verdicts[host] = verdict
        if self._quiet:
            self._line.show(self._text, self.get_option("progress_interval"))
        return True

    def _text(self) -> str:
        counts = sorted(collections.Counter(self._verdicts.values()).items())
        verdicts = ", ".join(f"{number} {verdict}" for verdict, number in counts)
        text = f"{len(self._verdicts)}/{self._hosts} hosts: {verdicts}"
        if self._waiting:
            slowest = min(self._waiting, key=self._waiting.__getitem__)
            text += f"; waiting {time.monotonic() - self._waiting[slowest]:.0f} s for {slowest}"
        return text


class _Line:
    """The progress line: rewritten in place on a terminal, else printed now and then."""

    REFRESH_S = 0.1

    def __init__(self):
        self._terminal = sys.stdout.isatty()
        self._shown_at = time.monotonic()

    def show(self, make_text: Callable[[], str], interval: float) -> None:
        now = time.monotonic()
        if now - self._shown_at < (self.REFRESH_S if self._terminal else interval):
            return
        self._shown_at = now
        text = make_text()
        if self._terminal:
            width = shutil.get_terminal_size().columns - 1
            self._write(f"\r\x1b[2K{text[:width]}")
        else:
            self._write(text + "\n")

    def clear(self) -> None:
        if self._terminal:
            self._write("\r\x1b[2K")

    def _write(self, text: str) -> None:
        # Whoever reads no further has closed the pipe.
        with contextlib.suppress(BrokenPipeError):
            sys.stdout.write(text)
            sys.stdout.flush()
