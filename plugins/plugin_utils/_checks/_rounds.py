# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors that an agent writes in every round of its work."""

from __future__ import annotations

ROUNDS_S = 15 * 60
"""An error of every round comes at least this often."""
_MINUTE_S = 60


def goes_on(every_s: float, age_s: float) -> bool:
    """Whether an error comes in every round until now. ``age_s``: since it came last."""
    return every_s <= ROUNDS_S and age_s <= 2 * max(every_s, _MINUTE_S)
