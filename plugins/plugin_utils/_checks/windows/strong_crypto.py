# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
""".NET programs, the agent and the snapshot extension among them, use TLS 1.2.

Azure accepts no older TLS. Windows Server 2016 and .NET 4.7 use TLS 1.2 unless they are told not to; older ones need
SchUseStrongCrypto, or SystemDefaultTlsVersions from Server 2012 on. A switch of SCHANNEL forbids TLS 1.2 to every
program; so does a list of cipher suites that has old ones only. Except for these two, it is a failure only where agent
or extension report a connection that failed for it since the last run that succeeded.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Source, Stage, Verdict, fail, ok, warn
from ..._facts._types import WindowsState
from .._pages import TROUBLESHOOT_BACKUP
from . import _agent_log, _extension, _last_run
from ._advice import RESTART_AGENT, SERVER_2016
from ._schannel import tls12_forbidden

CHECK = Check(
    aliases=("win_strong_crypto",),
    title=".NET programs use TLS 1.2",
    severity=WARNING,
    stage=Stage.STORAGE,
    needs=("security.tls12_client", "dotnet.crypto_v4", "dotnet.release", "identity.os"),
    error_codes=("ExtensionSnapshotFailedNoSecureNetwork",),
    advice=(
        r"Set SchUseStrongCrypto (REG_DWORD) to 1 in HKLM\SOFTWARE\Microsoft\.NETFramework\v4.0.30319 and in "
        rf"HKLM\SOFTWARE\WOW6432Node\Microsoft\.NETFramework\v4.0.30319, then run {RESTART_AGENT}."
    ),
    sources=(
        TROUBLESHOOT_BACKUP,
        Source(
            "Transport Layer Security (TLS) best practices with .NET Framework",
            "https://learn.microsoft.com/dotnet/framework/network-programming/tls",
        ),
        Source(
            "Transport Layer Security (TLS) registry settings",
            "https://learn.microsoft.com/windows-server/security/tls/tls-registry-settings",
        ),
    ),
)

SERVER_2012 = 9200
"""The first Windows that offers TLS 1.2 by itself."""
RELEASE_47 = 460798
PROOF = r"NoSecureNetwork|SecureChannelFailure|\bSSL/TLS\b"
"""The protocols have their names in every language."""


def judge(state: WindowsState) -> Verdict:
    logged = _agent_log.lines(state, PROOF, after=_last_run.time_of_success(state))
    proof = [*_extension.said(state, PROOF), *logged]
    if forbidden := tls12_forbidden(state, proof):
        return forbidden
    worse = fail if proof else warn
    values = _values(state)
    evidence = Evidence(r"HKLM\SOFTWARE\Microsoft\.NETFramework: SchUseStrongCrypto", values)
    own = values.get("crypto_v4 native")
    if own == 0:
        return worse("SchUseStrongCrypto is 0: .NET does not offer TLS 1.2", evidence, *proof)
    strong_by_default = state.identity.os.build >= SERVER_2016 or (state.dotnet.release or 0) >= RELEASE_47
    if own or strong_by_default:
        return ok(evidence)
    native = state.dotnet.crypto_v4.get("native")
    if native is not None and native.get("SystemDefaultTlsVersions") and state.identity.os.build >= SERVER_2012:
        return ok(native.fact("SystemDefaultTlsVersions"), why=".NET uses the versions of TLS that Windows offers")
    return worse("SchUseStrongCrypto is not set, and .NET of this age does not offer TLS 1.2", evidence, *proof)


def _values(state: WindowsState) -> dict[str, object]:
    """All four, to be shown; agent and extension are 64-bit programs for .NET 4."""
    found = {}
    for version in ("crypto_v4", "crypto_v2"):
        part = state.dotnet.get(version)
        for view in ("native", "wow64"):
            key = part.get(view) if part is not None else None
            if key is not None and "SchUseStrongCrypto" in key:
                found[f"{version} {view}"] = key.SchUseStrongCrypto
    return found
