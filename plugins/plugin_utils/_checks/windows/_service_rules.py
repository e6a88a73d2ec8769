# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdicts that most services of Windows share."""

from __future__ import annotations

from ..._engine._model import ByHand, Fix, Verdict, by_hand, fail, ok, warn
from ..._engine._state import Facts
from ..._facts._types import WindowsState
from . import _last_run, _signs
from ._accounts import another_account, another_account_of, is_managed
from ._advice import INSTALL_AGENT, REPAIR_WINDOWS, restore_service
from ._agents_report import agent_ready
from ._services import AGENTS, AUTOMATIC, DISABLED, absent, exit_code, shown, start_name

NOT_STARTED = (7000, 7009, 7011, 7022)
"""Events of the service control manager: a service did not start, or not in time."""

_STUCK = ("StopPending", "PausePending", "ContinuePending")


def must_run(state: WindowsState, name: str, label: str, own: bool = False) -> Verdict:
    """The verdict on a service of the agent: it exists, is automatic, runs as LocalSystem, its executable is there."""
    service = state.services[name]
    if service is None:
        return fail(f"The service {name} ({label}) does not exist", absent(name), fix=by_hand(INSTALL_AGENT))
    # Only "marked for deletion" tells an uninstalled service that a reboot would remove from one that is stopped.
    if service.get("delete_flag"):
        return fail(
            f"The service {name} is marked for deletion",
            service.fact("delete_flag"),
            fix=by_hand(f"Reboot the VM, which removes the service. {INSTALL_AGENT}"),
        )
    stuck = service.get("state") in _STUCK
    fix = by_hand(_end_process(name)) if stuck else Fix("win_backup_services", services=AGENTS, own=own)
    if unable := _unable(service, name, enable=fix, repair=INSTALL_AGENT):
        return unable
    if service.state == "StartPending":
        _signs.need(state, "events.service_failures")
        failed = _signs.events(state, "service_failures", *NOT_STARTED, pattern=rf"\b{name}\b")
        if failed:
            why = f"The service {name} does not finish its start"
            return fail(why, service.fact("state"), *_signs.evidence(failed), fix=by_hand(_end_process(name)))
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


def must_start(state: WindowsState, name: str, effect: str, enable: Fix, of_system: bool = False) -> Verdict:
    """The verdict on a service that backup starts when it needs it: stopped is normal, disabled is not.

    ``of_system``: it works as LocalSystem only.
    """
    service = state.services[name]
    if service is None:
        return fail(f"The service {name} does not exist: {effect}", absent(name), fix=by_hand(restore_service(name)))
    if unable := _unable(service, name, enable=enable, repair=REPAIR_WINDOWS, effect=f": {effect}"):
        return unable
    if not service.get("library_exists", True):
        why = f"The library of the service {name} does not exist: {effect}"
        return fail(why, service.fact("library"), fix=by_hand(REPAIR_WINDOWS))
    if of_system and another_account_of(service):
        # A run that succeeded may be older than the change; nobody sets a managed account by mistake.
        if not (is_managed(service) and _last_run.succeeded(state)):
            return another_account(service, name, harm=not _last_run.succeeded(state))
    return ok(*shown(service, "start", "state"))


def _unable(service: Facts, name: str, enable: Fix | ByHand, repair: str, effect: str = "") -> Verdict | None:
    """The verdict on a service that cannot be started: it is disabled, or its executable does not exist."""
    if service.start == DISABLED:
        return fail(f"The service {name} is disabled{effect}", *shown(service, "start", "state"), fix=enable)
    if not service.get("image_exists", True):
        why = f"The executable of the service {name} does not exist{effect}"
        return fail(why, *shown(service, "image", "image_exists"), fix=by_hand(repair))
    return None


def _end_process(name: str) -> str:
    return (
        f"Find the process with 'sc.exe queryex {name}', end it with 'taskkill /F /PID <pid>' and run "
        f"'net start {name}', or reboot the VM."
    )
