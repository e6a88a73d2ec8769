# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
r"""SYSTEM has full access to the folders of the Windows key stores.

The agent imports the certificate that protects the extension's settings as SYSTEM. Without access to Crypto\Keys,
Crypto\RSA or Crypto\SystemKeys the import fails with error 86, and every extension with it. Access through
Administrators is enough as long as the agent's log shows no failed import since the last run that succeeded.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, by_hand, fail, ok, warn
from ..._facts._types import WindowsState
from . import _agent_log, _last_run, _sddl
from ._advice import GRANT_FULL, RESTART_AGENT
from ._pages import ICACLS, TROUBLESHOOT_AGENT_WINDOWS

CHECK = Check(
    aliases=("win_crypto_dirs_acl",),
    title="SYSTEM has full access to the Crypto folders",
    severity=WARNING,
    stage=Stage.GOAL_STATE,
    needs=("agent.acl",),
    error_codes=("ExtensionConfigParsingFailure",),
    advice=(
        rf"Run 'icacls C:\ProgramData\Microsoft\Crypto\<folder> {GRANT_FULL}' for each folder in the evidence, then "
        f"{RESTART_AGENT}."
    ),
    sources=(TROUBLESHOOT_AGENT_WINDOWS, ICACLS),
)

FOLDERS = {"keys": "Keys", "rsa": "RSA", "system_keys": "SystemKeys"}
PROOF = r"PFXImportCertStore failed"
TRACE = (
    f"Trace WaAppAgent.exe and WindowsAzureGuestAgent.exe with Process Monitor during {RESTART_AGENT}, and look for "
    "ACCESS DENIED on the Crypto folders and the files in them."
)


def judge(state: WindowsState) -> Verdict:
    proof = _agent_log.lines(state, PROOF, after=_last_run.time_of_success(state))
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
        return fail("SYSTEM and Administrators lack full access to Crypto folders", *denied, *lost, *proof)
    if lost:
        why = "The access rights of Crypto folders do not name SYSTEM"
        return (fail if proof else warn)(why, *lost, *proof)
    if proof:
        why = "The agent failed to import a certificate, although SYSTEM has full access to the Crypto folders"
        return warn(why, *proof, fix=by_hand(TRACE))
    return ok()
