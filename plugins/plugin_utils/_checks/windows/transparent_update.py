# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's update of itself came to its end."""

from __future__ import annotations

from ..._engine._model import INFO, Check, Evidence, Stage, Verdict, fail, not_applicable, ok, warn
from ..._engine._state import GuestState
from . import _signs

CHECK = Check(
    aliases=("win_transparent_update",),
    title="The agent's update of itself is complete",
    severity=INFO,
    stage=Stage.AGENT,
    needs=("agent.versions", "services.WindowsAzureGuestAgent"),
    explained_by=(
        "agent_installed",
        "disk_space",
        "av_exclusion",
    ),
    source="Windows VM agent, known issues (2.7.41491.1009 to 1010)",
)

DLL = r"unable to load (dll|the dll)"


def judge(state: GuestState) -> Verdict:
    service = state.services.WindowsAzureGuestAgent
    if service is None:
        return not_applicable("The agent's service does not exist")
    folders = [item.folder for item in state.agent.versions if item.get("guest_agent")]
    torn = _signs.in_agent_log(state, DLL, r"heartbeat status: ready")
    if folders and not service.get("image_exists", True) and "\\GuestAgent_" in str(service.image):
        return fail(
            "An update removed the folder that the agent's service starts from",
            service.fact("image"),
            Evidence("folders of the agent", folders),
            *torn,
        )
    if torn:
        return fail("The agent cannot load its own libraries after an update: restart it", *torn)
    newest = _signs.newest(state.agent.get("update_state") or [])
    if newest is not None and _failed(newest):
        return warn(
            "The last update of the agent did not succeed",
            Evidence("GuestAgentUpdateState", newest.as_dict()),
            key=f"update failed with {newest.get('code')}",
        )
    return ok(service.fact("image"))


def _failed(update) -> bool:
    return str(update.get("code") or "0") not in ("0", "") or "fail" in str(update.get("state")).lower()
