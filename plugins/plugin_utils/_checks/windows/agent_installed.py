# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Azure VM agent is installed: both services and their executables.

Azure Backup hands its command to the agent, which installs and runs the snapshot extension. A VM that was migrated
or made from a custom image often has no agent. An uninstalled agent leaves services or folders behind until the next
reboot, and the installer fails on them.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, by_hand, fail, ok
from ..._facts._types import WindowsState
from .._codes import NO_REPORT
from .._pages import AGENT_WINDOWS
from ._advice import INSTALL_AGENT
from ._pages import TROUBLESHOOT_AGENT_WINDOWS, VM_ASSIST_WINDOWS
from ._services import AGENTS

CHECK = Check(
    aliases=("win_agent_installed",),
    title="The agent is installed",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("services.RdAgent", "services.WindowsAzureGuestAgent", "agent.versions"),
    explained_by=(
        "wmi",
        "dotnet",
    ),
    error_codes=(*NO_REPORT, "UserErrorVmNotInDesirableState", "VmNotInDesirableState", "AzureVmOffline"),
    keeps_agent_down=True,
    advice=f"{INSTALL_AGENT} Where Azure has allowExtensionOperations=false for the VM, set it to true.",
    sources=(AGENT_WINDOWS, TROUBLESHOOT_AGENT_WINDOWS, VM_ASSIST_WINDOWS),
)

CLEAN_UP = (
    r"Run 'sc.exe delete RdAgent' and 'sc.exe delete WindowsAzureGuestAgent', move the folders Packages and "
    rf"GuestAgent_* out of C:\WindowsAzure, and reboot. {INSTALL_AGENT}"
)


def judge(state: WindowsState) -> Verdict:
    absent = [name for name in AGENTS if state.services[name] is None]
    executables = [item for item in state.agent.versions if item.get("wa_app_agent")]
    evidence = (
        Evidence("services that do not exist", absent),
        Evidence("folders with WaAppAgent.exe", [item.folder for item in executables]),
    )
    if len(absent) == 2 and not executables:
        return fail("Neither the agent's services nor its executables exist", *evidence)
    if absent:
        return fail(
            f"The agent is installed only in part: {' and '.join(absent)} missing", *evidence, fix=by_hand(CLEAN_UP)
        )
    if not executables:
        return fail("The agent's services exist, but WaAppAgent.exe does not", *evidence, fix=by_hand(CLEAN_UP))
    return ok(*evidence)
