# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services of Windows: their start types, and those of the agent."""

from __future__ import annotations

from ..._engine._model import Evidence
from ..._engine._state import Facts
from ..._facts._types import WindowsState

AGENTS = ["RdAgent", "WindowsAzureGuestAgent"]
"""The one starts the other: they are fixed together."""

AUTOMATIC, MANUAL, DISABLED = 2, 3, 4

_START = {0: "boot", 1: "system", AUTOMATIC: "automatic", MANUAL: "manual", DISABLED: "disabled"}


def start_name(start: object) -> str:
    """The start type in words, its number for one that Windows does not have."""
    return _START.get(start, str(start)) if isinstance(start, int) else "not set"


def absent(name: str) -> Evidence:
    """A service that does not exist, as evidence."""
    return Evidence(rf"HKLM\SYSTEM\CurrentControlSet\Services\{name}", "absent")


def shown(service: Facts, *names: str) -> list[Evidence]:
    """Those of the facts of a service that are there: a mounted disk does not tell whether it runs."""
    return [service.fact(name) for name in names if name in service]


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
