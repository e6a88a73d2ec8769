# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
r"""SYSTEM may write C:\WindowsAzure and C:\Packages."""

from __future__ import annotations

from .._engine._model import WARNING, WINDOWS, Check, Evidence, Stage, Verdict, ok, warn
from .._engine._state import GuestState
from .._windows import sddl

CHECK = Check(
    id="win_folder_acl",
    title="SYSTEM has full access to the folders of agent and plugins",
    platforms=(WINDOWS,),
    severity=WARNING,
    stage=Stage.HANDLER,
    needs=("agent.acl",),
    explained_by=("win_agent_installed",),
    source="VM assist for Windows; the agent sets these rights at each start",
)


def judge(state: GuestState) -> Verdict:
    found = {"WindowsAzure": state.agent.acl["windows_azure"], "Packages": state.agent.acl["packages"]}
    evidence = {name: Evidence(f"access rights of {name}", access) for name, access in found.items() if access}
    lost = [name for name in evidence if not sddl.grants(found[name], sddl.FULL, sddl.SYSTEM, sddl.ADMINISTRATORS)]
    if lost:
        return warn(f"SYSTEM has no full access to {' and '.join(lost)}", *(evidence[name] for name in lost))
    return ok(*evidence.values())
