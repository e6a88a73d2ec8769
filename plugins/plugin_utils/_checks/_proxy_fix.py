# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the proxy that is wanted is given to a remedy."""

from __future__ import annotations

from .._engine._want import Proxy


def address(want: Proxy) -> str:
    """Host and port as in a URL: an IPv6 address stands in brackets."""
    host = f"[{want.host}]" if ":" in want.host else want.host
    return f"{host}:{want.port}"
