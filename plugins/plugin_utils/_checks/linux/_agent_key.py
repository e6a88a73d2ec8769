# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's own key, with which it decrypts its certificates."""

from __future__ import annotations

from ..._engine._model import Evidence, Fix, Verdict, fail
from ..._facts._types import LinuxState
from ._agent import has_reported

_NEW_KEY = Fix("waagent_service", slow=True, state="restarted")
"""The agent makes a new key at each start."""


def key_error(state: LinuxState) -> Evidence | None:
    """What openssl says of the agent's own key, where it works with another one."""
    openssl = state.agent.get("openssl", {})
    return openssl.fact("key_error") if openssl.get("key_error") else None


def key_lost(state: LinuxState) -> Verdict | None:
    """The verdict where the key is damaged or gone."""
    damaged = key_error(state)
    if damaged:
        return fail("The agent's own key, which decrypts its certificates, is damaged", damaged, fix=_NEW_KEY)
    openssl = state.agent.get("openssl", {})
    if openssl.get("key") is False and has_reported(state):
        return fail("The agent's own key, which decrypts its certificates, is gone", openssl.fact("key"), fix=_NEW_KEY)
    return None
