# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's last update of itself is complete.

RdAgent updates the guest agent by itself. An update that is interrupted can leave the service pointing to a folder
that is gone, or the agent without its libraries (known for 2.7.41491.1009 to 1010). A failed update whose old version
still runs is a warning.
"""

from __future__ import annotations

from ..._engine._model import INFO, Check, Evidence, Source, Stage, Verdict, by_hand, fail, not_applicable, ok, warn
from ..._engine._state import Facts
from ..._facts._types import WindowsState
from .._versions import newest
from . import _agent_log
from ._advice import INSTALL_AGENT
from ._agents_report import last_worked
from ._needed import need
from ._pages import TROUBLESHOOT_AGENT_WINDOWS, VM_ASSIST_WINDOWS

CHECK = Check(
    aliases=("win_transparent_update",),
    title="The agent's last update of itself is complete",
    severity=INFO,
    stage=Stage.AGENT,
    needs=("agent.versions", "services.WindowsAzureGuestAgent"),
    explained_by=(
        "agent_installed",
        "disk_space",
        "av_exclusion",
    ),
    advice=rf"Read C:\WindowsAzure\Logs\TransparentInstaller.log. {INSTALL_AGENT}",
    sources=(
        Source("WindowsVMAgent: known issues", "https://github.com/Azure/WindowsVMAgent/wiki/Known-Issues"),
        TROUBLESHOOT_AGENT_WINDOWS,
        VM_ASSIST_WINDOWS,
    ),
)

DLL = r"unable to load (dll|the dll)"
RESTART_UPDATER = (
    "Run 'Restart-Service RdAgent' and wait five minutes: it installs the guest agent again. If it does not, install "
    "the newest MSI from https://github.com/Azure/WindowsVMAgent/releases."
)
RESTART_GUEST_AGENT = "Run 'Restart-Service WindowsAzureGuestAgent'."


def judge(state: WindowsState) -> Verdict:
    service = state.services.WindowsAzureGuestAgent
    if service is None:
        return not_applicable("The agent's service does not exist")
    folders = [item.folder for item in state.agent.versions if item.get("guest_agent")]
    torn = _agent_log.lines(state, DLL, after=last_worked(state))
    if folders and not service.get("image_exists", True) and "\\GuestAgent_" in str(service.image):
        return fail(
            "An update removed the folder that the agent's service starts from",
            service.fact("image"),
            Evidence("folders of the agent", folders),
            *torn,
            fix=by_hand(RESTART_UPDATER),
        )
    if torn:
        why = "After an update the agent cannot load its own libraries"
        return fail(why, *torn, fix=by_hand(RESTART_GUEST_AGENT))
    update = newest(state.agent.get("update_state") or [])
    if update is not None and _failed(update):
        return warn(
            f"The agent's last update failed (state {update.get('state')}, code {update.get('code')})",
            Evidence("GuestAgentUpdateState", update.as_dict()),
            key=f"update failed with {update.get('code')}",
        )
    need(state, "agent.update_state")
    return ok(service.fact("image"))


def _failed(update: Facts) -> bool:
    return str(update.get("code") or "0") not in ("0", "") or "fail" in str(update.get("state")).lower()
