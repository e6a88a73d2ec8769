# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the next backup needs Azure Storage from inside the guest."""

from __future__ import annotations

from collections.abc import Callable

from .._engine._model import LINUX, WINDOWS
from .._engine._state import GuestState
from ._fabric import host_plugin_reached
from .linux import _storage as _linux
from .windows import _storage as _windows

_NEEDED: dict[str, Callable[..., str | None]] = {LINUX: _linux.needed, WINDOWS: _windows.needed}


def storage_needed(state: GuestState) -> str | None:
    """Why the next backup needs Azure Storage from inside the guest; None where the facts do not show it."""
    if host_plugin_reached(state) is False:
        return "the host plugin, which could replace it, is not reached"
    return _NEEDED[state["platform"]](state)
