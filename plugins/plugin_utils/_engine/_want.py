# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the operator wants of a guest: the desired state that checks compare with."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Literal

from ...module_utils._guest.azure import MINIMUM_AGENT


@dataclasses.dataclass(frozen=True)
class Proxy:
    """The proxy that guests are expected to use."""

    host: str
    port: int
    bypass: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclasses.dataclass(frozen=True)
class Want:
    """Desired state and thresholds. ``expect_proxy``: None judges consistency only, False expects no proxy."""

    expect_proxy: Proxy | Literal[False] | None = None
    min_agent_version: str = MINIMUM_AGENT
    min_windows_agent_version: str = "2.7.41491.1010"
    max_cpu_percent: float = 90.0
    max_memory_percent: float = 90.0
    max_disk_percent: float = 95.0
    min_free_mib: int = 100
    max_clock_skew_s: float = 120.0

    @classmethod
    def from_options(cls, options: Mapping, called: str = "expect_proxy") -> Want:
        """From the options of ``findings_info``; None means the default. Raises ValueError in an operator's words.

        ``called`` is what the operator calls the option ``expect_proxy``.
        """
        given = {
            field.name: options[field.name] for field in dataclasses.fields(cls) if options.get(field.name) is not None
        }
        if "expect_proxy" in given:
            given["expect_proxy"] = _proxy(given["expect_proxy"], called)
        return cls(**given)


OPTIONS = {
    field.name: {"type": "raw" if field.name == "expect_proxy" else type(field.default).__name__}
    for field in dataclasses.fields(Want)
}
"""The same as an argument specification. Without defaults: what is not given must not outrank a host's variable."""


def _proxy(value: object, called: str) -> Proxy | Literal[False]:
    if not value:
        return False
    if not isinstance(value, Mapping) or not value.get("host") or not value.get("port"):
        raise ValueError(f"Cannot use '{called}': it needs host and port, or must be empty for no proxy")
    host = str(value["host"])
    if re.search(r"[@/\s]", host):  # Not quoted: before the @ there may be a password.
        raise ValueError(
            f"Cannot use '{called}': its host must be a name or an address, without scheme and credentials"
        )
    try:
        port = int(value["port"])
    except (TypeError, ValueError):
        port = 0
    if not 0 < port < 65536:
        raise ValueError(f"Cannot use '{called}': '{value['port']}' is not a port number")
    return Proxy(host, port, tuple(value.get("bypass") or ()))
