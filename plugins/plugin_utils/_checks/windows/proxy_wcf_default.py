# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""machine.config names no default proxy that traffic to the Azure host would take.

The element defaultProxy in machine.config overrides the proxy settings of every .NET program on the machine, the agent
included. Unless it exempts 168.63.129.16, commands and status of the agent go to the proxy.
"""

from __future__ import annotations

import re

from ....module_utils._guest.azure import WIRE_SERVER
from ..._engine._model import INFO, Check, Evidence, Stage, Verdict, ok, warn
from ..._facts._types import WindowsState
from ._pages import DEFAULT_PROXY, VM_ASSIST_WINDOWS

CHECK = Check(
    aliases=("win_proxy_wcf_default",),
    title="machine.config sends no traffic to the Azure host through a proxy",
    severity=INFO,
    stage=Stage.STORAGE,
    needs=("dotnet.machine_config",),
    explained_by=("machine_config",),
    advice=(
        r'Add <bypasslist><add address="168\.63\.129\.16"/></bypasslist> to the element defaultProxy of '
        r"C:\Windows\Microsoft.NET\Framework64\v4.0.30319\Config\machine.config, or remove the element."
    ),
    sources=(DEFAULT_PROXY, VM_ASSIST_WINDOWS),
)


def judge(state: WindowsState) -> Verdict:
    config = state.dotnet.machine_config
    text = (config.default_proxy or "") if config is not None else ""
    address = re.search(r'proxyaddress="([^"]+)"', text, re.I)
    if config is None or not address or re.search(r'<defaultProxy[^>]*enabled="false"', text, re.I):
        return ok()
    evidence = Evidence(f"{config.path}: defaultProxy", text)
    if any(word in text for word in (WIRE_SERVER, re.escape(WIRE_SERVER))):
        return ok(evidence)
    return warn(f"machine.config sends every .NET program to the proxy {address[1]}, to the Azure host too", evidence)
