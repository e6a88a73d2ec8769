# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What gives programs of Windows the proxy that is wanted."""

from __future__ import annotations

from typing import Any

from ..._engine._model import ByHand, Fix, by_hand
from ..._engine._want import Proxy
from ..._facts._types import WindowsState
from .._proxy_fix import address
from ._winhttp import Settings


def winhttp_proxy(state: WindowsState, settings: Settings) -> Fix | ByHand:
    """What makes WinHTTP's proxy the wanted one; without a wish, what writes the present one in the right form."""
    wanted = state.want.expect_proxy
    if wanted is False:
        return Fix("win_winhttp_proxy", state="absent")
    if isinstance(wanted, Proxy):
        bypass: dict[str, Any] = {"bypass": list(wanted.bypass)} if wanted.bypass else {}
        return Fix("win_winhttp_proxy", proxy=address(wanted), **bypass)
    if settings.servers():
        return Fix("win_winhttp_proxy")
    return by_hand(
        "Set diagnose_expect_proxy to the proxy that this guest should use (host and port), or to an empty value for "
        "none, and run the playbook again."
    )
