# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
r"""SYSTEM may write C:\WindowsAzure and C:\Packages."""

from __future__ import annotations

import re

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, ok, warn
from ..._engine._state import GuestState
from . import _sddl, _signs

CHECK = Check(
    aliases=("win_folder_acl",),
    title="SYSTEM has full access to the folders of agent and plugins",
    severity=WARNING,
    stage=Stage.HANDLER,
    needs=("agent.acl",),
    explained_by=("agent_installed",),
    source="VM assist for Windows; the agent sets these rights at each start",
)


DENIED = r"UnauthorizedAccessException|Access (to the path .*)?is denied"


def judge(state: GuestState) -> Verdict:
    found = {"WindowsAzure": state.agent.acl["windows_azure"], "Packages": state.agent.acl["packages"]}
    evidence = {name: Evidence(f"access rights of {name}", access) for name, access in found.items() if access}
    lost = [name for name in evidence if not _sddl.grants(found[name], _sddl.FULL, _sddl.SYSTEM, _sddl.ADMINISTRATORS)]
    if lost:
        proof = _signs.in_agent_log(state, DENIED)
        message = _signs.plugin_message(state)
        if re.search(DENIED, message, re.I):
            proof.append(Evidence("status of the plugin", message))
        why = f"SYSTEM has no full access to {' and '.join(lost)}"
        return (fail if proof else warn)(why, *(evidence[name] for name in lost), *proof)
    return ok(*evidence.values())
