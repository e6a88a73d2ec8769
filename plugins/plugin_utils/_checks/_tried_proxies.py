# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The proxies that the probe tried, and how they answered."""

from __future__ import annotations

from .._engine._model import Evidence
from .._engine._state import Facts, GuestState


def proxies(state: GuestState) -> list[Facts]:
    """The proxies that were tried."""
    fabric = state.get("fabric")
    return (fabric.get("proxies") if fabric else None) or []


def told(proxy: Facts) -> Evidence:
    """What came of the attempt, as evidence."""
    return Evidence(proxy.origin, proxy.error or proxy.tls_error or proxy.answer)


def wrong(proxy: Facts) -> str | None:
    """What is wrong with a proxy; None when it works as far as it was tried."""
    if not proxy.connected:
        return f"cannot be reached: {proxy.error}"
    if proxy.status == 407:
        return "answers 407: it asks for credentials, which the agent cannot give"
    if proxy.status is None:
        return f"does not answer as a proxy: {proxy.answer or 'no answer'}"
    if not proxy.target_is_storage:
        # How it treats a name that backup does not need says nothing.
        return None
    if not 200 <= proxy.status < 300:
        return f"refuses a tunnel to storage: status {proxy.status}"
    return f"opens TLS or leads elsewhere: {proxy.tls_error}" if proxy.tls_error else None
