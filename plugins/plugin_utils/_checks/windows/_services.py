# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services: start types, recovery actions, and the verdict that most services share."""

from __future__ import annotations

import base64
import binascii
import struct

from ..._engine._model import Verdict, fail, ok, warn
from ..._engine._state import GuestState

AUTOMATIC, MANUAL, DISABLED = 2, 3, 4
_START = {0: "boot", 1: "system", AUTOMATIC: "automatic", MANUAL: "manual", DISABLED: "disabled"}
_ACTIONS = {0: "none", 1: "restart", 2: "reboot", 3: "command"}
MAX_ACTIONS = 16


def start_name(start: object) -> str:
    """The start type in words, ``start type 7`` for one that Windows does not have."""
    return _START.get(start, f"start type {start}") if isinstance(start, int) else "no start type"


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


def must_run(state: GuestState, name: str, label: str) -> Verdict:
    """The verdict on a service of the agent: it exists, is automatic, runs, and its program is there."""
    service = state.services[name]
    if service is None:
        return fail(f"The service {name} ({label}) does not exist")
    # Only "marked for deletion" tells an uninstalled service that a reboot would remove from one that is stopped.
    if service.get("delete_flag"):
        return fail(
            f"The service {name} is marked for deletion: reboot, then install the agent", service.fact("delete_flag")
        )
    if service.start == DISABLED:
        return fail(f"The service {name} is disabled", service.fact("start"), service.fact("state"))
    if not service.get("image_exists", True):
        return fail(
            f"The program of the service {name} does not exist", service.fact("image"), service.fact("image_exists")
        )
    code = _exit_code(state, name)
    if service.state in ("StopPending", "PausePending"):
        return fail(f"The service {name} is stuck in {service.state}", service.fact("state"))
    if service.state not in ("Running", "StartPending"):
        return fail(
            f"The service {name} is not running" + (f" (it ended with {code})" if code else ""),
            service.fact("state"),
            service.fact("start"),
        )
    if service.start != AUTOMATIC:
        return warn(
            f"The service {name} runs but starts {start_name(service.start)}: not after a reboot", service.fact("start")
        )
    return ok(service.fact("state"), service.fact("start"))


def must_start(state: GuestState, name: str, effect: str) -> Verdict:
    """The verdict on a service that backup starts when it needs it: stopped is normal, disabled is not."""
    service = state.services[name]
    if service is None:
        return fail(f"The service {name} does not exist: {effect}")
    if service.start == DISABLED:
        return fail(f"The service {name} is disabled: {effect}", service.fact("start"), service.fact("state"))
    if not service.get("image_exists", True):
        return fail(f"The program of the service {name} does not exist: {effect}", service.fact("image"))
    return ok(service.fact("start"), service.fact("state"))


def _exit_code(state: GuestState, name: str) -> int | None:
    codes = state.services.get("exit_codes") or {}
    entry = codes.get(name) if name in codes else None
    if not entry:
        return None
    specific, general = entry.get("specific_code"), entry.get("exit_code")
    return specific if general == 1066 else general or None
