# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's services restart by themselves after a crash."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, not_applicable, ok, warn
from ..._engine._state import GuestState
from ._services import recovery

CHECK = Check(
    aliases=("win_svc_recovery",),
    title="The agent's services restart after a crash",
    severity=WARNING,
    stage=Stage.RESILIENCE,
    needs=("services.RdAgent", "services.WindowsAzureGuestAgent"),
    explained_by=("agent_installed",),
    source="article, issue 2 step 3 (automatic restart), in the way that Windows services have it",
)


def judge(state: GuestState) -> Verdict:
    services = {name: state.services[name] for name in ("RdAgent", "WindowsAzureGuestAgent")}
    present = {name: service for name, service in services.items() if service is not None}
    if not present:
        return not_applicable("The agent's services do not exist")
    actions = {name: recovery(service.failure_actions) for name, service in present.items()}
    evidence = [Evidence(f"{present[name].origin}: FailureActions", found) for name, found in actions.items()]
    without = [name for name, found in actions.items() if not any(kind == "restart" for kind, _delay in found)]
    if without:
        return warn(f"Nothing restarts {' and '.join(without)} after a crash", *evidence)
    return ok(*evidence)
