# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder of machine keys lets the agent make and read keys."""

from __future__ import annotations

import re

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, fail, ok, warn
from ..._engine._state import GuestState
from . import _sddl, _signs

CHECK = Check(
    aliases=("win_machinekeys_acl",),
    title="The folder MachineKeys has its access rights",
    severity=CRITICAL,
    stage=Stage.GOAL_STATE,
    needs=("agent.acl",),
    error_codes=("ExtensionConfigParsingFailure",),
    source="Microsoft, troubleshooting Azure VM backup: ExtensionConfigParsingFailure; extension certificate issues",
)

PROOF = (
    r"Keyset does not exist|Invalid provider type specified|-2146893808|FailedToDecryptProtectedSettings"
    r"|ExtensionConfigParsingFailure"
)


def judge(state: GuestState) -> Verdict:
    access = state.agent.acl["machine_keys"]
    evidence = Evidence(r"access rights of Crypto\RSA\MachineKeys", access)
    proof = _signs.in_agent_log(state, PROOF)
    message = _signs.plugin_message(state)
    if re.search(PROOF, message):
        proof.append(Evidence("status of the plugin", message))
    if access is None:
        if _signs.last_run_succeeded(state):
            return ok(evidence, why="The folder does not exist, yet the last run succeeded")
        return (fail if proof else warn)("The folder MachineKeys does not exist", evidence, *proof)
    if not _sddl.grants(access, _sddl.FULL, _sddl.SYSTEM, _sddl.ADMINISTRATORS):
        return fail("SYSTEM and Administrators have no full access to MachineKeys", evidence, *proof)
    if not _sddl.grants(access, _sddl.READ_WRITE, _sddl.EVERYONE):
        why = "MachineKeys has lost the right of Everyone to read and write, which Windows sets"
        return (fail if proof else warn)(why, evidence, *proof)
    return ok(evidence)
