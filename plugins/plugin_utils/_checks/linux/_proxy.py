# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What checks of proxies share: the environment of the agent, and the paths of clients."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from ..._engine._model import Evidence
from ..._engine._state import Facts
from ..._engine._want import Proxy
from ..._facts._types import LinuxState


def agent_environment(state: LinuxState) -> Facts | None:
    """The proxy variables of the running agent, else those that its unit would give it; None where neither is known."""
    return state.proxy.get("process") or state.proxy.get("service")


def by_name(environment: Facts | None) -> dict[str, Facts]:
    """Variables by name; the last one of a name counts."""
    return {item.name: item for item in environment.variables} if environment else {}


def shown(variables: Iterable[Facts]) -> list[Evidence]:
    return [Evidence(item.origin, f"{item.name}={item.value}") for item in variables]


def differs(want: Proxy | Literal[False] | None, path: Facts) -> str | None:
    """How the agent's path differs from the proxy that is wanted; None when it does not, or nothing is wanted."""
    if want is None:
        return None
    if not want:
        return f"No proxy is expected, and the agent uses {path.proxy}" if path.via == "proxy" else None
    if path.via != "proxy":
        return f"The agent does not use the expected proxy {want}"
    return None if path.proxy.lower() == str(want).lower() else f"The agent uses {path.proxy}, not the expected {want}"


def path_evidence(path: Facts) -> Evidence:
    """The path of a client as evidence."""
    return Evidence(path.origin, path.proxy or path.reason)
