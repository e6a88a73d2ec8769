# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The other extensions of the VM are healthy.

Azure sets the state of the whole VM by its extensions: while one has failed the VM counts as Failed, and while one
never ends it counts as Updating. Backup jobs are then refused, though nothing is wrong with backup itself.
"""

from __future__ import annotations

from ....module_utils._guest.handlers import NAME
from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, ok, warn
from ..._engine._state import Facts
from ..._facts._types import LinuxState
from .._pages import EXTENSIONS_LINUX, TROUBLESHOOT_BACKUP
from .handler_state import CODES

CHECK = Check(
    title="The other extensions are healthy",
    severity=WARNING,
    stage=Stage.HANDLER,
    needs=("extension.handlers",),
    explained_by=(
        "agent_goal_state",
        "disk_space",
        "lib_dir_exec",
        "openssl",
        "agent_certificates",
        "extensions_enabled",
        "hostga_tcp_32526",
    ),
    error_codes=("UserErrorVmProvisioningStateFailed", "UserErrorVmNotInDesirableState", "VmNotInDesirableState"),
    sources=(TROUBLESHOOT_BACKUP, EXTENSIONS_LINUX),
    advice="Fix what its message names, or remove the extension from the VM (`az vm extension delete --resource-group"
    " GROUP --vm-name VM --name NAME`). Then reapply the VM's model with `az vm reapply` and start an on-demand"
    " backup.",
)

LIMIT_S = 90 * 60
"""Azure gives up waiting for an extension after this."""

NOT_READY = ("NotReady", "Unresponsive")


def judge(state: LinuxState) -> Verdict:
    others = [one for one in state.extension.handlers if one.name != NAME]
    for one in others:
        said = _wrong(one)
        if said:
            shown = [one.fact(name) for name in ("status", "code", "message", "result", "result_message") if one[name]]
            more = len([other for other in others if _wrong(other)]) - 1
            also = f" ({more} more)" if more else ""
            return warn(f"The extension {one.name} {one.version} {said}{also}", *shown, key=f"{one.name} {said}")
    return ok(*([Evidence(others[0].origin, [one.name for one in others])] if others else []))


def _wrong(one: Facts) -> str | None:
    """What is wrong with an extension; None where nothing is."""
    if one.state == "FailedUpgrade":
        return "could not be updated"
    if one.status in NOT_READY and one.code:
        return f"is not ready: the agent failed {CODES.get(one.code, f'with code {one.code}')}"
    if one.status == "Unresponsive":
        return "does not respond"
    if one.result == "error" and one.state is None:
        return "has failed"
    if one.result == "transitioning" and (one.result_age_s or 0) > LIMIT_S:
        return "has not ended for more than 90 minutes"
    return None
