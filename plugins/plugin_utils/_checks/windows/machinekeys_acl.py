# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
r"""The folder MachineKeys lets the agent make and read keys.

The certificate that protects the extension's settings has its private key in Crypto\RSA\MachineKeys. Windows gives
Administrators full control of this folder and everyone the right to read and write; hardening often removes the
latter. Without these rights the settings cannot be decrypted (ExtensionConfigParsingFailure, "Keyset does not
exist"). Agent and extension run as SYSTEM: a missing right of Everyone alone is a warning until the last run has
succeeded, and a failure where such an error shows.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, by_hand, fail, ok, warn
from ..._facts._types import WindowsState
from .._pages import TROUBLESHOOT_BACKUP
from . import _agent_log, _extension, _last_run, _sddl
from ._pages import EXTENSION_CERTIFICATES_WINDOWS, ICACLS

FOLDER = r"C:\ProgramData\Microsoft\Crypto\RSA\MachineKeys"
GRANT = rf"""'icacls {FOLDER} /grant "*S-1-5-32-544:F" "*S-1-1-0:(R,W)"'"""

CHECK = Check(
    aliases=("win_machinekeys_acl",),
    title="The folder MachineKeys has its default access rights",
    severity=CRITICAL,
    stage=Stage.GOAL_STATE,
    needs=("agent.acl",),
    error_codes=("ExtensionConfigParsingFailure",),
    advice=(
        f"Run {GRANT} and delete the certificate 'Windows Azure CRP Certificate Generator' from the computer's "
        "personal store; the next backup makes a new one."
    ),
    sources=(TROUBLESHOOT_BACKUP, EXTENSION_CERTIFICATES_WINDOWS, ICACLS),
)

PROOF = (
    r"Keyset does not exist|\b(?:0x)?80090016\b|Invalid provider type specified|-2146893808"
    r"|FailedToDecryptProtectedSettings|ExtensionConfigParsingFailure"
)
FILE_REFUSED = r"\b(?:0x)?800900(?:0F|10)\b|-21468938(?:08|09)\b|Exception: Object already exists"
"""The folder is as it should be, and a single file of it belongs to an account that is gone."""
TAKE_KEY = (
    rf"Find the newest files in {FOLDER} that SYSTEM cannot read with 'icacls', run 'takeown /A /F <file>' and 'icacls "
    '<file> /grant "*S-1-5-18:F" "*S-1-5-32-544:F"\', and restart the service WindowsAzureGuestAgent.'
)
MAKE_FOLDER = rf"Run 'mkdir {FOLDER}' and {GRANT}, then reboot."


def judge(state: WindowsState) -> Verdict:
    access = state.agent.acl["machine_keys"]
    evidence = Evidence(r"access rights of Crypto\RSA\MachineKeys", access)
    proof = [*_agent_log.lines(state, PROOF), *_extension.said(state, PROOF)]
    if access is None:
        if _last_run.succeeded(state):
            return ok(evidence, why="The folder does not exist, yet the last run succeeded")
        why = "The folder MachineKeys does not exist"
        return (fail if proof else warn)(why, evidence, *proof, fix=by_hand(MAKE_FOLDER))
    if not _sddl.grants(access, _sddl.FULL, _sddl.SYSTEM, _sddl.ADMINISTRATORS):
        return fail("SYSTEM and Administrators lack full access to MachineKeys", evidence, *proof)
    lacking = not _sddl.grants(access, _sddl.READ_WRITE, _sddl.EVERYONE)
    if lacking and (proof or not _last_run.succeeded(state)):
        why = "Everyone lacks the default right to read and write in MachineKeys"
        return (fail if proof else warn)(why, evidence, *proof)
    refused = _extension.told_since_success(state, FILE_REFUSED)
    if refused:
        return warn("A key in MachineKeys cannot be opened or replaced", evidence, *refused, fix=by_hand(TAKE_KEY))
    return ok(evidence, why="Everyone lacks its default right, yet the last run succeeded" if lacking else "")
