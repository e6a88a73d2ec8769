# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The snapshot extension's service IaasVmProvider can be started.

The extension registers its shadow copy provider as this service at the first backup. Where it is disabled, the
extension cannot be loaded; marked for deletion, it no longer starts. Microsoft asks for the start type Automatic; other
start types are a warning while no run succeeds or is under way with them. Stopped between backups is normal.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Fix, Stage, Verdict, by_hand, fail, not_applicable, ok, warn
from ..._facts._types import WindowsState
from .._pages import ABOUT_BACKUP, TROUBLESHOOT_AGENT
from . import _last_run
from ._accounts import another_account, another_account_of
from ._advice import REINSTALL_EXTENSION
from ._pages import SC_CONFIG
from ._service_rules import leaving
from ._services import AUTOMATIC, DISABLED, shown, start_name

CHECK = Check(
    aliases=("win_iaasvmprovider",),
    title="The service IaasVmProvider starts automatically",
    severity=CRITICAL,
    stage=Stage.HANDLER,
    needs=("services.IaasVmProvider",),
    error_codes=(
        "BackUpOperationFailed",
        "BackUpOperationFailedV2",
    ),
    remedies=("win_backup_services",),
    advice="Run 'sc.exe config IaasVmProvider start= auto'. It need not be started: the next backup does that.",
    sources=(TROUBLESHOOT_AGENT, ABOUT_BACKUP, SC_CONFIG),
)

REMOVE_SERVICE = "Reboot the VM, which removes the service, and start a backup: it sets the service up again."


def judge(state: WindowsState) -> Verdict:
    service = state.services.IaasVmProvider
    if service is None:
        return not_applicable("The snapshot extension has not set up its service: the first backup does")
    if gone := leaving(service, "IaasVmProvider", REMOVE_SERVICE):
        return gone
    fix = Fix("win_backup_services", services=["IaasVmProvider"])
    if service.start == DISABLED:
        why = "The service IaasVmProvider is disabled: the snapshot extension cannot be loaded"
        return fail(why, service.fact("start"), fix=fix)
    if not service.get("image_exists", True):
        why = "The executable of the service IaasVmProvider does not exist"
        return fail(why, service.fact("image"), fix=by_hand(REINSTALL_EXTENSION))
    if another_account_of(service):
        return another_account(service, "IaasVmProvider", harm=not _last_run.succeeded(state))
    if service.start == AUTOMATIC:
        return ok(*shown(service, "start", "state"))
    why = f"The start type of the service IaasVmProvider is {start_name(service.start)}, not automatic"
    if _last_run.succeeded(state):
        return ok(service.fact("start"), why=f"{why}; the last run succeeded")
    if _last_run.running_since(state):
        return ok(service.fact("start"), why=f"{why}; a run is under way")
    return warn(why, service.fact("start"), fix=fix)
