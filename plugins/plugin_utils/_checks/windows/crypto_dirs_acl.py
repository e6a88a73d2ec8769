# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SYSTEM may use the folders of the Windows key stores."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, ok, warn
from ..._engine._state import GuestState
from . import _sddl, _signs

CHECK = Check(
    aliases=("win_crypto_dirs_acl",),
    title="SYSTEM has full access to the crypto folders",
    severity=WARNING,
    stage=Stage.GOAL_STATE,
    needs=("agent.acl",),
    error_codes=("ExtensionConfigParsingFailure",),
    source="Microsoft, troubleshooting the Windows Azure guest agent: PFXImportCertStore error 86",
)

FOLDERS = {"keys": "Keys", "rsa": "RSA", "system_keys": "SystemKeys"}
PROOF = r"PFXImportCertStore failed"
HEALED = r"PFXImportCertStore succeeded"


def judge(state: GuestState) -> Verdict:
    proof = _signs.in_agent_log(state, PROOF, HEALED)
    lost, denied = [], []
    for name, folder in FOLDERS.items():
        access = state.agent.acl[name]
        if access is None:
            continue
        evidence = Evidence(rf"access rights of Crypto\{folder}", access)
        if not _sddl.grants(access, _sddl.FULL, _sddl.SYSTEM, _sddl.ADMINISTRATORS):
            denied.append(evidence)
        elif not _sddl.grants(access, _sddl.FULL, _sddl.SYSTEM):
            lost.append(evidence)
    if denied:
        return fail("SYSTEM has no full access to the crypto folders", *denied, *lost, *proof)
    if lost:
        why = "SYSTEM is not named in the access rights of the crypto folders"
        return (fail if proof else warn)(why, *lost, *proof)
    if proof:
        return warn("The agent failed to import a certificate, though the crypto folders are in order", *proof)
    return ok()
