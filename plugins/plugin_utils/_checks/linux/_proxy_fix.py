# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What gives the agent on Linux the proxy that is wanted."""

from __future__ import annotations

from typing import Any, Literal

from ..._engine._model import ByHand, Fix, by_hand
from ..._engine._want import Proxy
from .._proxy_fix import address

NAME_IT = by_hand("Set diagnose_expect_proxy to the right proxy, or to {} for none.")
KEYS = ("HttpProxy.Host", "HttpProxy.Port")
NO_PROXY = Fix("waagent_conf", settings=dict.fromkeys(KEYS))
"""Half a pair is no proxy: the agent connects directly before and after."""


def service_proxy(want: Proxy | Literal[False] | None, *targets: str) -> Fix | ByHand:
    """What gives the agent's service, and the further targets, the proxy that is wanted."""
    places = [*targets, "service"]
    if want is None:
        return NAME_IT
    if not isinstance(want, Proxy):
        return Fix("environment_proxy", state="absent", targets=places)
    bypass: dict[str, Any] = {"no_proxy": list(want.bypass)} if want.bypass else {}
    return Fix("environment_proxy", http_proxy=f"http://{address(want)}", targets=places, **bypass)


def conf_proxy(want: Proxy | Literal[False] | None) -> Fix | None:
    """What gives waagent.conf the proxy that is wanted; None where nothing is said of one."""
    if isinstance(want, Proxy):
        return Fix("waagent_conf", proxy={"host": want.host, "port": want.port})
    return NO_PROXY if want is False else None
