# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys of waagent.conf as evidence."""

from __future__ import annotations

from ..._engine._model import Evidence
from ..._facts._types import LinuxState


def setting(state: LinuxState, key: str) -> Evidence:
    """A key of waagent.conf as evidence, with its line if one sets it."""
    entry, conf = state.conf.settings[key], state.conf
    place = conf.path if entry.line is None else f"{conf.path}:{entry.line}"
    return Evidence(f"{place}: {key}", entry.value if entry.line is None else entry.text)
