# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The proxies that executables of a Windows guest are told to use."""

from __future__ import annotations

import base64
import binascii
import dataclasses

from ..._engine._model import Evidence
from ..._engine._state import Facts
from ..._facts._types import WindowsState
from . import _winhttp


@dataclasses.dataclass(frozen=True)
class Place:
    """Where a proxy can be set, ``winhttp`` or ``system_account``, and what is set there."""

    name: str
    settings: _winhttp.Settings
    evidence: Evidence


def binary(facts: Facts | None) -> bytes | None:
    """The bytes of a registry value of the guest state; None when there is none or it is no binary value."""
    if facts is None or facts.type != "REG_BINARY":
        return None
    try:
        return base64.b64decode(facts.value or "", validate=True)
    except (binascii.Error, ValueError, TypeError):
        return None


def of_winhttp(state: WindowsState, name: str = "winhttp") -> Place:
    """What WinHTTP reads. A missing value is direct access."""
    facts = state.proxy[name]
    settings = _winhttp.decode(binary(facts) or b"")
    return Place(name, settings, _evidence(facts, "WinHttpSettings", settings))


def of_system_account(state: WindowsState) -> Place:
    """What WinINET gives to executables that run as LocalSystem, as the agent does."""
    machine_wide = state.proxy.get("per_user") == 0
    facts = state.proxy.machine if machine_wide else state.proxy.system_account
    saved = _winhttp.decode_wininet(binary(facts.get("DefaultConnectionSettings")) or b"")
    if facts.ProxyEnable == 1 and facts.ProxyServer:
        saved = dataclasses.replace(
            saved,
            proxy=str(facts.ProxyServer),
            bypass=str(facts.get("ProxyOverride") or ""),
            flags=saved.flags | _winhttp.MANUAL,
        )
    script = facts.get("AutoConfigURL") or (saved.script if saved.flags & _winhttp.SCRIPT else "")
    saved = dataclasses.replace(saved, script=str(script or ""))
    return Place("system_account", saved, _evidence(facts, "ProxyServer", saved))


def places(state: WindowsState) -> list[Place]:
    """Both places that an executable of the agent may follow."""
    return [of_winhttp(state), of_system_account(state)]


def text(servers: list[tuple[str, int]]) -> str:
    return ", ".join(f"{host}:{port}" for host, port in servers)


def _evidence(facts: Facts | None, name: str, settings: _winhttp.Settings) -> Evidence:
    origin = facts.origin if facts is not None else "registry"
    value = {"proxy": settings.proxy, "bypass": settings.bypass} if settings.active else "direct"
    return Evidence(f"{origin}: {name}", {"script": settings.script} if settings.script else value)
