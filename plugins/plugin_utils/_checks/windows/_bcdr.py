# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Registry values of the snapshot extension: how one is found, and what one of the wrong type was meant to say."""

from __future__ import annotations

from ..._engine._model import ByHand, Fix, by_hand
from ..._engine._state import Facts

_METHODS = ("firsthostthenguest", "firstguestthenhost", "onlyhost", "onlyguest")
_SWITCHES = ("true", "1", "y", "yes", "on", "false", "0", "n", "no", "off")
BY_HAND = "Ask who set it, then write it as REG_SZ with a documented word, or delete it."


def is_clear(name: str, value: object) -> bool:
    """Whether the module win_bcdragent can write a value as the text that was meant."""
    return str(value).strip().lower() in (_METHODS if name.lower() == "snapshotmethod" else _SWITCHES)


def as_text(clear: bool, otherwise: str) -> Fix | ByHand:
    """What writes values as the text that was meant, where that is clear."""
    return Fix("win_bcdragent", normalize=True) if clear else by_hand(otherwise)


def value(key: Facts | None, wanted: str) -> Facts | None:
    """A value of a registry key, whatever the case of its name."""
    return next((key[name] for name in key if name.upper() == wanted.upper()), None) if key is not None else None
