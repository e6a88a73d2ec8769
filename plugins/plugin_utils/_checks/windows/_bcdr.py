# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Registry values of the snapshot extension: whether it is clear what one of the wrong type was meant to say."""

from __future__ import annotations

_METHODS = ("firsthostthenguest", "firstguestthenhost", "onlyhost", "onlyguest")
_SWITCHES = ("true", "1", "y", "yes", "on", "false", "0", "n", "no", "off")
BY_HAND = "Ask who set it, then write it as REG_SZ with a documented word, or delete it."


def is_clear(name: str, value: object) -> bool:
    """Whether the module win_bcdragent can write a value as the text that was meant."""
    return str(value).strip().lower() in (_METHODS if name.lower() == "snapshotmethod" else _SWITCHES)
