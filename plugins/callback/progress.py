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
from typing import Any

from ansible.plugins.callback.default import CallbackModule as Default
from ansible_collections.vmbackup.azure.plugins.plugin_utils._answers import Answers
from ansible_collections.vmbackup.azure.plugins.plugin_utils._results import action_of, data_of, host_of

WATCHED = "vmbackup.azure.findings_info"
FAILED = "failed"


class CallbackModule(Default):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "vmbackup.azure.progress"

    def __init__(self):
        super().__init__()
        self._line = _Line()
        self._answers = Answers()
        self._play: Any = None
        self._earlier: dict[str, str] = {}  # verdicts of the batches before
        self._verdicts: dict[str, tuple[str, str]] = {}  # of this batch, with the task that they are of
        self._task = ""  # the latest of them
        self._waiting: dict[str, tuple[float, str]] = {}  # since when, and for which task
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
        is_next_batch = self._play is not None and self._play._uuid == play._uuid
        self._earlier = {**self._earlier, **self._of_batch()} if is_next_batch else {}
        self._verdicts, self._play = {}, play
        if not self._quiet:
            super().v2_playbook_on_play_start(play)

    def v2_playbook_on_task_start(self, task, is_conditional):
        self._line.clear()
        self._answers.before(task.action)
        if _is_watched(task):
            inventory = self._play.get_variable_manager()._inventory
            # Ansible restricts the inventory to the hosts of a batch.
            self._hosts = len(inventory.get_hosts(self._play.hosts, ignore_restrictions=True))
        super().v2_playbook_on_task_start(task, is_conditional)

    def v2_runner_on_start(self, host, task):
        super().v2_runner_on_start(host, task)
        if _is_watched(task):
            self._at_work(host.get_name(), task.name)

    def v2_runner_on_skipped(self, result):
        self._left_out(host_of(result))
        super().v2_runner_on_skipped(result)

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
        self._seen(result, FAILED)
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

    def _at_work(self, host: str, task: str) -> None:
        """A rescue asks a host in place of the task that failed, any other task asks the whole batch again."""
        before, verdict = self._verdicts.get(host, (task, ""))
        self._waiting[host] = time.monotonic(), before if verdict == FAILED else task

    def _left_out(self, host: str) -> None:
        """A host that a task skips keeps its verdict. It was at work: a condition is looked at after the start."""
        _since, task = self._waiting.pop(host, (0, None))
        if task is not None and host in self._verdicts:
            self._task = task
            self._verdicts[host] = task, self._verdicts[host][1]

    def _of_batch(self) -> dict[str, str]:
        """A host is not done while it is asked again."""
        return {
            host: verdict
            for host, (task, verdict) in self._verdicts.items()
            if task == self._task and host not in self._waiting
        }

    def _seen(self, result, verdict) -> bool:
        """Counts the end of a watched task; False for all others."""
        host = host_of(result)
        _since, task = self._waiting.pop(host, (0, None))
        if task is None or not verdict:
            return False
        self._task = task
        self._verdicts[host] = task, verdict
        if self._quiet:
            self._line.show(self._text, self.get_option("progress_interval"))
        return True

    def _text(self) -> str:
        done = {**self._earlier, **self._of_batch()}
        counts = sorted(collections.Counter(done.values()).items())
        verdicts = ", ".join(f"{number} {verdict}" for verdict, number in counts)
        text = f"{len(done)}/{self._hosts} hosts: {verdicts}"
        if self._waiting:
            slowest = min(self._waiting, key=self._waiting.__getitem__)
            text += f"; waiting {time.monotonic() - self._waiting[slowest][0]:.0f} s for {slowest}"
        return text


def _is_watched(task) -> bool:
    """Whether a task asks hosts. What is kept of them is judged in an instant, and may be how they were before."""
    return task.action == WATCHED and "kept_guest" not in task.args


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
