# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict on a service of the agent, which has to run all the time."""

from __future__ import annotations

from ..._engine._model import Fix, Verdict, by_hand, fail, ok, warn
from ..._facts._types import WindowsState
from . import _events
from ._accounts import another_account, another_account_of
from ._advice import INSTALL_AGENT
from ._agents_report import agent_ready
from ._needed import need
from ._service_rules import leaving, unable
from ._services import AGENTS, AUTOMATIC, absent, exit_code, start_name

NOT_STARTED = (7000, 7009, 7011, 7022)
"""Events of the service control manager: a service did not start, or not in time."""

_STUCK = ("StopPending", "PausePending", "ContinuePending")


def must_run(state: WindowsState, name: str, label: str, own: bool = False) -> Verdict:
    """The verdict on a service of the agent: it exists, is automatic, runs as LocalSystem, its executable is there."""
    service = state.services[name]
    if service is None:
        return fail(f"The service {name} ({label}) does not exist", absent(name), fix=by_hand(INSTALL_AGENT))
    # Only "marked for deletion" tells an uninstalled service that a reboot would remove from one that is stopped.
    if gone := leaving(service, name, f"Reboot the VM, which removes the service. {INSTALL_AGENT}"):
        return gone
    stuck = service.get("state") in _STUCK
    fix = by_hand(_end_process(name)) if stuck else Fix("win_backup_services", services=AGENTS, own=own)
    if broken := unable(service, name, enable=fix, repair=INSTALL_AGENT):
        return broken
    if service.state == "StartPending":
        need(state, "events.service_failures")
        failed = _events.since_boot(state, "service_failures", *NOT_STARTED, pattern=rf"\b{name}\b")
        if failed:
            why = f"The service {name} does not finish its start"
            return fail(why, service.fact("state"), *_events.evidence(failed), fix=by_hand(_end_process(name)))
    if stuck:
        return fail(f"The service {name} is stuck in {service.state}", service.fact("state"), fix=fix)
    if another_account_of(service):
        return another_account(service, name, harm=service.state != "Running" or not agent_ready(state))
    if service.state not in ("Running", "StartPending"):
        code = exit_code(state, name)
        return fail(
            f"The service {name} is not running" + (f" (it exited with code {code})" if code else ""),
            service.fact("state"),
            service.fact("start"),
            fix=fix,
        )
    if service.start != AUTOMATIC:
        return warn(
            f"The service {name} runs but its start type is {start_name(service.start)}: it will not start at boot",
            service.fact("start"),
            fix=fix,
        )
    return ok(service.fact("state"), service.fact("start"))


def _end_process(name: str) -> str:
    return (
        f"Find the process with 'sc.exe queryex {name}', end it with 'taskkill /F /PID <pid>' and run "
        f"'net start {name}', or reboot the VM."
    )
