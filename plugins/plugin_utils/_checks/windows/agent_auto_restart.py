# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows restarts the agent's services after a crash.

Without a recovery action a crashed agent stays down until someone notices or the VM reboots, and every backup until
then fails. Windows keeps the actions of a service in its value ``FailureActions``; a list without a restart helps as
little as none. Recovery actions do not apply to a service that someone stops.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Fix, Source, Stage, Verdict, not_applicable, ok, warn
from ..._facts._types import WindowsState
from .._pages import TROUBLESHOOT_AGENT
from ._recovery import recovery
from ._services import AGENTS

CHECK = Check(
    aliases=("win_svc_recovery",),
    title="The agent's services restart after a crash",
    severity=WARNING,
    stage=Stage.RESILIENCE,
    needs=("services.RdAgent", "services.WindowsAzureGuestAgent"),
    explained_by=("agent_installed",),
    remedies=("win_backup_services",),
    advice=(
        "Run 'sc.exe failure RdAgent reset= 86400 actions= restart/60000/restart/60000/restart/60000', and the same "
        "for WindowsAzureGuestAgent."
    ),
    sources=(
        Source(
            "SERVICE_FAILURE_ACTIONSW structure",
            "https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-service_failure_actionsw",
        ),
        TROUBLESHOOT_AGENT,
    ),
)


def judge(state: WindowsState) -> Verdict:
    services = {name: state.services[name] for name in AGENTS}
    present = {name: service for name, service in services.items() if service is not None}
    if not present:
        return not_applicable("The agent's services do not exist")
    actions = {name: recovery(service.failure_actions) for name, service in present.items()}
    evidence = [Evidence(f"{present[name].origin}: FailureActions", found) for name, found in actions.items()]
    without = [name for name, found in actions.items() if not any(kind == "restart" for kind, _delay in found)]
    if without:
        return warn(
            f"No recovery action restarts {' and '.join(without)}",
            *evidence,
            fix=Fix("win_backup_services", recovery=AGENTS),
        )
    return ok(*evidence)
