# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What messages of a guest name as causes.

A message stands with the check that reports it. The check that it names is its cause, also where that one's facts are
in order by now: it was otherwise when the message was written.
"""

from __future__ import annotations

from typing import cast

from .._engine._model import LINUX, Named
from .._engine._state import GuestState
from .._facts._types import LinuxState, WindowsState
from . import _messages
from .linux import _logged as _linux_logs
from .linux import _messages as _linux
from .windows import _logged as _windows_logs
from .windows import _messages as _windows


def named(state: GuestState) -> list[Named]:
    """All causes that the messages of a state name, each once per check that reports it."""
    if state["platform"] == LINUX:
        told, logged = _linux.told(cast(LinuxState, state)), list(_linux_logs.logged(cast(LinuxState, state)))
    else:
        told, logged = _windows.told(cast(WindowsState, state)), list(_windows_logs.logged(cast(WindowsState, state)))
    said, by_code = [], []
    for message in told:
        for one, after in _named(message):
            if one.by_code:
                by_code += [*(other for other in logged if other.cause in after), one]
            else:
                said.append(one)
    found: dict[tuple[str, str], Named] = {}
    # What a message says tells more than the text or the event by which a log is known.
    for one in (*said, *by_code, *logged):
        found.setdefault((one.symptom, one.cause), one)
    return list(found.values())


def _named(message: _messages.Message) -> list[tuple[Named, tuple[str, ...]]]:
    """The causes that a message names, each with those that come before it where a log names them."""
    rows = list(_messages.rows_for(message.text, message.number, message.of))
    # The code of Azure Backup names what failed, and what else stands in the message why that did.
    broad = [row.cause for row in rows if row.only_by_code(message.text)]
    return [
        (
            Named(symptom, row.cause, message.evidence, row.found, bool(row.after) and row.cause in broad),
            row.after,
        )
        for row in rows
        for symptom in (message.symptom, *(broad if row.cause not in broad else ()))
    ]
