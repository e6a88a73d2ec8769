# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must be known before it means something that nothing was found."""

from __future__ import annotations

from ..._facts._types import WindowsState


def need(state: WindowsState, *paths: str) -> None:
    """Raises for facts without which it means nothing that nothing was found."""
    for path in paths:
        state.find(path)
