# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether Windows itself (SCHANNEL) lets programs use TLS 1.2."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..._engine._model import Evidence, Verdict, by_hand, fail, warn
from ..._facts._types import WindowsState

_STRONG = "AES|CHACHA20"
_ALLOW_TLS = (
    r"In HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Client set Enabled to 1 "
    "and DisabledByDefault to 0 (REG_DWORD) and reboot."
)
_ALLOW_SUITES = (
    "Add TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 and TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 to the list, in the group"
    " policy 'SSL Cipher Suite Order' if that sets it, and reboot."
)


def tls12_forbidden(state: WindowsState, proof: Sequence[Evidence]) -> Verdict | None:
    """The verdict where a switch, or the list of cipher suites, forbids it.

    ``proof``: what shows that a connection failed for it.
    """
    schannel = state.security.tls12_client
    if schannel is not None and schannel.get("Enabled") == 0:
        evidence = schannel.fact("Enabled", "SCHANNEL TLS 1.2 Client")
        return fail("SCHANNEL disables TLS 1.2 for clients", evidence, *proof, fix=by_hand(_ALLOW_TLS))
    if schannel is not None and schannel.get("DisabledByDefault"):
        evidence = schannel.fact("DisabledByDefault", "SCHANNEL TLS 1.2 Client")
        why = "SCHANNEL offers TLS 1.2 only to programs that ask for it"
        return (fail if proof else warn)(why, evidence, *proof, fix=by_hand(_ALLOW_TLS))
    suites = state.security.get("cipher_suites")
    state.need_if_asked("security.cipher_suites")
    if suites is not None and not any(re.search(_STRONG, name) for name in suites.names):
        why = "No allowed cipher suite uses AES or ChaCha20: Azure accepts no connection"
        return fail(why, suites.fact("names"), *proof, fix=by_hand(_ALLOW_SUITES))
    return None
