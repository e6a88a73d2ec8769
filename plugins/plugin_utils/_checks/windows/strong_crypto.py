# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Agent and plugin may use TLS 1.2."""

from __future__ import annotations

import re

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, ok, warn
from ..._engine._state import GuestState
from . import _signs

CHECK = Check(
    aliases=("win_strong_crypto",),
    title="TLS 1.2 is on for .NET programs",
    severity=WARNING,
    stage=Stage.STORAGE,
    needs=("security.tls12_client", "dotnet.crypto_v4", "dotnet.release", "identity.os"),
    error_codes=("ExtensionSnapshotFailedNoSecureNetwork",),
    source="Microsoft, troubleshooting Azure VM backup: ExtensionSnapshotFailedNoSecureNetwork",
)

SERVER_2016, RELEASE_47 = 14393, 460798
PROOF = r"NoSecureNetwork|SecureChannelFailure|Could not create SSL/TLS secure channel"


def judge(state: GuestState) -> Verdict:
    proof = [
        Evidence("status of the plugin", text) for text in [_signs.plugin_message(state)] if re.search(PROOF, text)
    ]
    if state.get("agent") is not None:
        proof += _signs.in_agent_log(state, PROOF)
    schannel = state.security.tls12_client
    if schannel is not None and schannel.get("Enabled") == 0:
        return fail("TLS 1.2 is switched off for clients", schannel.fact("Enabled", "SCHANNEL TLS 1.2 Client"), *proof)
    if schannel is not None and schannel.get("DisabledByDefault"):
        evidence = schannel.fact("DisabledByDefault", "SCHANNEL TLS 1.2 Client")
        return (fail if proof else warn)("TLS 1.2 is not offered unless a program asks for it", evidence, *proof)
    values = _values(state)
    evidence = Evidence(r"HKLM\SOFTWARE\Microsoft\.NETFramework: SchUseStrongCrypto", values)
    if 0 in values.values():
        return (fail if proof else warn)(
            ".NET programs are kept from TLS 1.2: SchUseStrongCrypto is 0", evidence, *proof
        )
    strong_by_default = state.identity.os.build >= SERVER_2016 or (state.dotnet.release or 0) >= RELEASE_47
    if 1 in values.values() or strong_by_default:
        return ok(evidence)
    return (fail if proof else warn)(".NET programs of this Windows do not use TLS 1.2 by themselves", evidence, *proof)


def _values(state: GuestState) -> dict[str, object]:
    found = {}
    for version in ("crypto_v4", "crypto_v2"):
        part = state.dotnet.get(version)
        for view in ("native", "wow64"):
            key = part.get(view) if part is not None else None
            if key is not None and "SchUseStrongCrypto" in key:
                found[f"{version} {view}"] = key.SchUseStrongCrypto
    return found
