# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services: start types, recovery actions, and the verdict that most services share."""

from __future__ import annotations

import base64
import binascii
import struct

from ..._engine._model import Evidence, Fix, Verdict, by_hand, fail, ok, warn
from ..._engine._state import Facts
from ..._facts._types import WindowsState
from . import _extension, _signs
from ._advice import INSTALL_AGENT, REPAIR_WINDOWS, restore_service

AGENTS = ["RdAgent", "WindowsAzureGuestAgent"]
"""The one starts the other: they are fixed together."""
AUTOMATIC, MANUAL, DISABLED = 2, 3, 4
SYSTEM = "LocalSystem"
_START = {0: "boot", 1: "system", AUTOMATIC: "automatic", MANUAL: "manual", DISABLED: "disabled"}
_ACTIONS = {0: "none", 1: "restart", 2: "reboot", 3: "command"}
MAX_ACTIONS = 16
READY = ("ready", "none")
"""What the agent calls itself while it works, in small letters."""
NOT_STARTED = (7000, 7009, 7011, 7022)
"""Events of the service control manager: a service did not start, or not in time."""
_STUCK = ("StopPending", "PausePending", "ContinuePending")


def start_name(start: object) -> str:
    """The start type in words, its number for one that Windows does not have."""
    return _START.get(start, str(start)) if isinstance(start, int) else "not set"


def absent(name: str) -> Evidence:
    """A service that does not exist, as evidence."""
    return Evidence(rf"HKLM\SYSTEM\CurrentControlSet\Services\{name}", "absent")


def shown(service: Facts, *names: str) -> list[Evidence]:
    """Those of the facts of a service that are there: a mounted disk does not tell whether it runs."""
    return [service.fact(name) for name in names if name in service]


def recovery(value: str | None) -> list[tuple[str, int]]:
    """Recovery actions of a ``FailureActions`` value (base64) as ``(action, delay in ms)``; none when it is damaged."""
    try:
        blob = base64.b64decode(value or "", validate=True)
    except (binascii.Error, ValueError):
        return []
    if len(blob) < 20:
        return []
    count, offset = struct.unpack_from("<II", blob, 12)
    found = []
    for number in range(min(count, MAX_ACTIONS)):
        at = offset + 8 * number
        if at + 8 > len(blob):
            break
        kind, delay = struct.unpack_from("<II", blob, at)
        found.append((_ACTIONS.get(kind, "none"), delay))
    return found


def must_run(state: WindowsState, name: str, label: str, own: bool = False) -> Verdict:
    """The verdict on a service of the agent: it exists, is automatic, runs, and its executable is there."""
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
    if service.start == DISABLED:
        return fail(f"The service {name} is disabled", *shown(service, "start", "state"), fix=fix)
    if not service.get("image_exists", True):
        return fail(
            f"The executable of the service {name} does not exist",
            service.fact("image"),
            service.fact("image_exists"),
            fix=by_hand(INSTALL_AGENT),
        )
    if service.state == "StartPending":
        _signs.need(state, "events.service_failures")
        failed = _signs.events(state, "service_failures", *NOT_STARTED, pattern=rf"\b{name}\b")
        if failed:
            why = f"The service {name} does not finish its start"
            return fail(why, service.fact("state"), *_signs.evidence(failed), fix=by_hand(_end_process(name)))
    if stuck:
        return fail(f"The service {name} is stuck in {service.state}", service.fact("state"), fix=fix)
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


def must_start(state: WindowsState, name: str, effect: str, enable: Fix, account: str = "") -> Verdict:
    """The verdict on a service that backup starts when it needs it: stopped is normal, disabled is not.

    ``account``: the only one it works with; another one counts where no run has succeeded with it.
    """
    service = state.services[name]
    if service is None:
        return fail(f"The service {name} does not exist: {effect}", absent(name), fix=by_hand(restore_service(name)))
    if service.start == DISABLED:
        return fail(f"The service {name} is disabled: {effect}", *shown(service, "start", "state"), fix=enable)
    if not service.get("image_exists", True):
        return fail(
            f"The executable of the service {name} does not exist: {effect}",
            service.fact("image"),
            fix=by_hand(REPAIR_WINDOWS),
        )
    used = service.get("account")
    if account and used and used.lower() != account.lower() and not _extension.succeeded(state):
        why = f"The service {name} runs as {used}, not as {account}: {effect}"
        fix = by_hand(f"Run 'sc.exe config {name} obj= {account}' and 'net start {name}'.")
        return fail(why, service.fact("account"), fix=fix, key=f"The service {name} has another account")
    return ok(*shown(service, "start", "state"))


def _end_process(name: str) -> str:
    return (
        f"Find the process with 'sc.exe queryex {name}', end it with 'taskkill /F /PID <pid>' and run "
        f"'net start {name}', or reboot the VM."
    )


def exit_code(state: WindowsState, name: str) -> int | None:
    """The error with which a service ended, as the service manager keeps it; None for none."""
    entry = state.services.exit_codes.get(name) if "exit_codes" in state.services else None
    if entry is None:
        return None
    specific, general = entry.get("specific_code"), entry.get("exit_code")
    return specific if general == 1066 else general or None


def agents_run(state: WindowsState) -> bool:
    """Whether both services of the agent run."""
    services = [state.services.get(name) for name in AGENTS]
    return all(service is not None and service.state == "Running" for service in services)


def agent_ready(state: WindowsState) -> bool:
    """Whether the agent calls itself ready, or has said nothing."""
    agent = state.get("agent")
    report = agent.get("aggregate") if agent is not None else None
    return report is None or str(report.get("status")).lower() in READY
