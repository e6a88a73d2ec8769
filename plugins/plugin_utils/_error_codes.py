# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Error codes of Azure Backup as operators type them."""

from __future__ import annotations

from ._knowledge import rows
from ._words import did_you_mean


def name(code: str) -> str:
    """The code for a name in any case, or for its number. ValueError lists close names."""
    known = rows("error_codes")
    by_word = {word.lower(): row["name"] for row in known for word in (row["name"], str(row.get("number", ""))) if word}
    found = by_word.get(code.strip().lower())
    if found is None:
        hint = did_you_mean(code, [row["name"] for row in known])
        raise ValueError(f"Cannot explain error code '{code}': it is not known{hint}")
    return found
