# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
r"""SYSTEM and Administrators have full access to C:\WindowsAzure and C:\Packages.

Agent and extensions run as SYSTEM. The agent keeps its executables, logs and status below C:\WindowsAzure and unpacks
extensions below C:\Packages; without access it can install and start none. It sets the rights of both folders at each
start, but a group policy or a hardening tool can take them away again. Only an access that was denied, or an agent that
is not ready, makes it a failure.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, by_hand, fail, ok, warn
from ..._facts._types import WindowsState
from . import _agent_log, _extension, _sddl
from ._advice import GRANT_FULL, RESTART_AGENT
from ._agents_report import agent_ready
from ._pages import ICACLS, VM_ASSIST_WINDOWS

CHECK = Check(
    aliases=("win_folder_acl",),
    title="SYSTEM has full access to the folders of the agent and its extensions",
    severity=WARNING,
    stage=Stage.HANDLER,
    needs=("agent.acl",),
    explained_by=("agent_installed",),
    explains=("ext_status", "agent_status"),
    advice=(
        rf"Run 'icacls C:\<folder> {GRANT_FULL}' for each folder named, then {RESTART_AGENT}. If the rights are lost "
        "again, find the group policy or tool that sets them."
    ),
    sources=(VM_ASSIST_WINDOWS, ICACLS),
)

DENIED_BELOW = r"UnauthorizedAccessException\b.{0,80}[A-Z]:\\+(?:WindowsAzure|Packages)\b"
FIND_BELOW = rf"Run 'icacls <file>' for the file that the evidence names, and 'icacls <file> {GRANT_FULL}'."


def judge(state: WindowsState) -> Verdict:
    found = {"WindowsAzure": state.agent.acl["windows_azure"], "Packages": state.agent.acl["packages"]}
    evidence = {name: Evidence(f"access rights of {name}", access) for name, access in found.items() if access}
    lost = [name for name in evidence if not _sddl.grants(found[name], _sddl.FULL, _sddl.SYSTEM, _sddl.ADMINISTRATORS)]
    if lost:
        proof = [*_agent_log.lines(state, _sddl.DENIED), *_extension.said(state, _sddl.DENIED)]
        why = f"SYSTEM and Administrators lack full access to {' and '.join(lost)}"
        worse = fail if proof or not agent_ready(state) else warn
        return worse(why, *(evidence[name] for name in lost), *proof)
    denied = _extension.told_since_success(state, DENIED_BELOW)
    if denied:
        why = "Access was denied below the folders of the agent and its extensions"
        return warn(why, *denied, fix=by_hand(FIND_BELOW))
    return ok(*evidence.values())
