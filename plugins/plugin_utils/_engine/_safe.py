# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a guest said, fit for reports and terminals: no characters that act, and not too much of it.

Secrets are masked before: by the guest, and where a state comes from a file. What is cut here is masked already: half a
secret would not be known for one.
"""

from __future__ import annotations

from typing import Any

from ...module_utils._guest.visible import visible

MAX_TEXT = 4096
MAX_ITEMS = 200


def safe(value: Any) -> Any:
    """The value as it may be shown."""
    if isinstance(value, str):
        text = visible(value)
        return text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 4]} ..."
    if isinstance(value, list):
        rest = len(value) - MAX_ITEMS
        return [safe(item) for item in value[:MAX_ITEMS]] + ([f"... and {rest} more"] if rest > 0 else [])
    if isinstance(value, dict):
        return {visible(key): safe(item) for key, item in list(value.items())[:MAX_ITEMS]}
    return value
