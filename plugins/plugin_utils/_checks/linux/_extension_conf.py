# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of vmbackup.conf, as the snapshot extension takes them."""

from __future__ import annotations

from ..._engine._model import Evidence
from ..._facts._types import LinuxState


def option(state: LinuxState, name: str) -> str | None:
    """An option of vmbackup.conf as the extension takes it, or None. Raises MissingFact."""
    conf = state.extension.conf
    return None if conf is None else conf.options.get(name)


def option_evidence(state: LinuxState, name: str) -> Evidence:
    """The option as evidence."""
    conf = state.extension.conf
    return Evidence(f"{'vmbackup.conf' if conf is None else conf.origin}: {name}", option(state, name))
