# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run answers, shown by a callback as the last thing on the screen.

A task runs in a worker, which has no screen: its words go through a thread of Ansible's own process that a closed pipe
would end, and the run would wait for it indefinitely. So a task gives its answer with its result, and a callback, which
is at home in that process, shows it.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import sys
from typing import Any, NamedTuple

from ansible.utils.color import ANSIBLE_COLOR
from ansible.utils.display import Display

from ._results import action_of, data_of

_OURS = "vmbackup.azure."
_WAIT_FOR = (f"{_OURS}fleet_report", "ansible.builtin.fail")
"""Tasks that an answer outlasts: what ends a run by a gate has nothing of its own to show."""
_TOTALS = (f"{_OURS}fix_report", f"{_OURS}undo_report")
"""Tasks whose newest answer is for the end of the run alone."""
_COLOUR = re.compile(r"\x1b\[\d+m")


class Screen(NamedTuple):
    """Where answers are shown. ``lines`` is None where the output has no end that one could see at once."""

    columns: int = 100
    lines: int | None = None
    colour: bool = False


class _Shown:
    """What workers inherit: the screen of the callback that shows answers, if there is one."""

    by: Answers | None = None
    screen: Screen | None = None


class Answers:
    """Keeps what tasks answer until a task with other work begins, or the run ends, and shows it then."""

    def __init__(self, stderr: bool = False):
        self._stderr = stderr
        self._kept: list[str] = []
        self._totals: list[str] = []

    def begin(self) -> None:
        """Of several callbacks that could show answers, the first does."""
        if _Shown.by is None:
            _Shown.by = self
            _Shown.screen = self._screen()

    def before(self, action: str) -> None:
        """A task begins, which may still change what is on the screen."""
        if _Shown.by is self:
            _Shown.screen = self._screen()
            if action not in _WAIT_FOR:
                self._show(self._kept)

    def keep(self, result: Any) -> None:
        """A task has ended. Ansible makes a copy of all that it found for whoever looks, so most are not looked at."""
        action = action_of(result)
        answer = data_of(result).get("answer") if _Shown.by is self and action.startswith(_OURS) else None
        if isinstance(answer, str):
            if action in _TOTALS:
                self._totals = [answer]
            else:
                self._kept.append(answer)

    def tells(self, action: str) -> bool:
        """Whether the answer tells more of this failed task than its result."""
        return bool(self._kept) and action in _WAIT_FOR

    def end(self) -> None:
        """The run ends, and its recap is on the screen."""
        self._show(self._kept)
        self._show(self._totals)

    def _show(self, texts: list[str]) -> None:
        for text in texts:
            # Whoever reads no further has closed the pipe.
            with contextlib.suppress(BrokenPipeError):
                Display().display(text, screen_only=True, stderr=self._stderr)
            Display().display(_COLOUR.sub("", text), log_only=True)
        texts.clear()

    def _screen(self) -> Screen:
        size = shutil.get_terminal_size((100, 0))
        seen = not self._stderr and sys.stdout.isatty()
        # Where Ansible uses colours, so does an answer.
        return Screen(size.columns, size.lines or None if seen else None, bool(ANSIBLE_COLOR) and not self._stderr)


def screen() -> Screen:
    """The screen that an answer is made for."""
    return _Shown.screen or Screen()


def give(result: dict[str, Any], answer: str, short: str) -> dict[str, Any]:
    """The result of a task with its answer; where no callback shows answers, the task itself says it in ``short``."""
    if _Shown.screen is None:
        Display().display(short)
        return result
    return {**result, "answer": answer}
