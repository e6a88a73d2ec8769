# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The policy of approved algorithms leaves the snapshot extension those that it uses.

A policy of Windows (FIPS) makes .NET refuse algorithms that are not approved. Most machines with it are backed up
without trouble; where a library needs another algorithm, such as a checksum of older releases, the run ends with an
exception that names the policy.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Source, Stage, Verdict, ok
from ..._facts._types import WindowsState

CHECK = Check(
    title="The policy of approved algorithms leaves the snapshot extension those that it uses",
    severity=WARNING,
    stage=Stage.STORAGE,
    needs=("security.fips",),
    advice=(
        "Update the snapshot extension and .NET. If the exception stays, agree with whoever owns the policy to set "
        "'System cryptography: Use FIPS compliant algorithms for encryption, hashing, and signing' to Disabled for "
        "this machine, and reboot."
    ),
    sources=(
        Source(
            "System cryptography: Use FIPS compliant algorithms for encryption, hashing, and signing",
            "https://learn.microsoft.com/previous-versions/windows/it-pro/windows-10/security/threat-protection"
            "/security-policy-settings/system-cryptography-use-fips-compliant-algorithms-for-encryption-hashing-and-signing",
        ),
    ),
)


def judge(state: WindowsState) -> Verdict:
    return ok(Evidence(r"HKLM\SYSTEM\CurrentControlSet\Control\Lsa\FipsAlgorithmPolicy: Enabled", state.security.fips))
