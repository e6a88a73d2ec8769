# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said about a word that is not among the known ones."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearly(word: str, known: Iterable[str]) -> bool:
    """Whether a word is most likely a mistyped known one."""
    spelt = word.lower().replace("-", "_")
    return bool(difflib.get_close_matches(spelt, known, n=1, cutoff=0.9))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``; did you mean a, b?`` with the known words closest to it; empty where none is close."""
    by_lower = {name.lower(): name for name in known}
    close = difflib.get_close_matches(word.lower(), by_lower, n=3, cutoff=0.5)
    return f"; did you mean {', '.join(by_lower[name] for name in close)}?" if close else ""
