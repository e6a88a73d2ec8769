# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plugin's service IaasVmProvider can be started."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Stage, Verdict, fail, not_applicable, ok, warn
from ..._engine._state import GuestState
from . import _signs
from ._services import AUTOMATIC, DISABLED, start_name

CHECK = Check(
    aliases=("win_iaasvmprovider",),
    title="The service IaasVmProvider is enabled and automatic",
    severity=CRITICAL,
    stage=Stage.HANDLER,
    needs=("services.IaasVmProvider",),
    error_codes=(
        "BackUpOperationFailed",
        "BackUpOperationFailedV2",
    ),
    source="article, issue 3: the service must be enabled and Automatic",
)


def judge(state: GuestState) -> Verdict:
    service = state.services.IaasVmProvider
    if service is None:
        return not_applicable("The snapshot plugin has not set up its service: the first backup does")
    if service.start == DISABLED:
        return fail("The service IaasVmProvider is disabled: the plugin cannot load", service.fact("start"))
    if not service.get("image_exists", True):
        return fail("The program of the service IaasVmProvider does not exist", service.fact("image"))
    # Stopped between backups is normal: only the start type counts.
    if service.start != AUTOMATIC and _signs.last_run_succeeded(state):
        return ok(
            service.fact("start"), why=f"It starts {start_name(service.start)}, not automatic; the last run succeeded"
        )
    if service.start != AUTOMATIC:
        return warn(
            f"The service IaasVmProvider starts {start_name(service.start)}, not automatic", service.fact("start")
        )
    return ok(service.fact("start"), service.fact("state"))
