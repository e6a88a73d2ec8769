# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proxies and the firewall of a mounted Windows disk."""

from __future__ import annotations

import base64
import re
import struct

from ...module_utils._guest.masking import excerpt, mask, mask_proxy
from ...module_utils._probe import Facts
from ._disk import Disk

_SETTINGS = "Microsoft\\Windows\\CurrentVersion\\Internet Settings"
_ENVIRONMENT = "SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment"
_LOCAL = "SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy"
_POLICY = "SOFTWARE\\Policies\\Microsoft\\WindowsFirewall"


def proxy(disk: Disk, facts: Facts) -> None:
    facts.take("winhttp", lambda: _binary(disk, rf"SOFTWARE\{_SETTINGS}\Connections", "WinHttpSettings"))
    wow64 = rf"SOFTWARE\WOW6432Node\{_SETTINGS}\Connections"
    facts.take("winhttp_wow64", lambda: _binary(disk, wow64, "WinHttpSettings"))
    facts.take("system_account", lambda: _internet(disk, rf"DEFAULT\Software\{_SETTINGS}"))
    facts.take("machine", lambda: _internet(disk, rf"SOFTWARE\{_SETTINGS}"))
    facts["per_user"] = disk.value(rf"SOFTWARE\Policies\{_SETTINGS}", "ProxySettingsPerUser")
    names = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
    facts["environment"] = {**(disk.plain(_ENVIRONMENT, *names) or {}), "read_from": rf"HKLM\{_ENVIRONMENT}"}


def _binary(disk: Disk, path: str, name: str) -> dict | None:
    entry = (disk.values(path) or {}).get(name)
    if entry is None:
        return None
    if entry["type"] == "REG_BINARY":
        entry["value"] = base64.b64encode(masked(base64.b64decode(entry["value"]))).decode("ascii")
    return {**entry, "read_from": rf"HKLM\{path}\{name}"}


def masked(blob: bytes) -> bytes:
    """The bytes of WinHttpSettings or DefaultConnectionSettings with the texts in them masked, their lengths true."""
    offset, made = min(12, len(blob)), blob[:12]
    while offset + 4 <= len(blob):
        (length,) = struct.unpack_from("<I", blob, offset)
        if length > len(blob) - offset - 4:
            break
        text = blob[offset + 4 : offset + 4 + length].decode("latin-1")
        # A script's address is not a proxy.
        part = mask(text) if re.search(r"://[^/]*/.", text) else mask_proxy(text)
        made += struct.pack("<I", len(part)) + part.encode("latin-1")
        offset += 4 + length
    return made + re.sub(rb"[\x21-\x7e]", b"*", blob[offset:])


def _internet(disk: Disk, path: str) -> dict:
    names = ("ProxyEnable", "ProxyServer", "ProxyOverride", "AutoConfigURL")
    values = disk.plain(path, *names) or {}
    return {
        **{name: values.get(name) for name in names},
        "DefaultConnectionSettings": _binary(disk, rf"{path}\Connections", "DefaultConnectionSettings"),
        "read_from": rf"HKU\.{path}" if path.startswith("DEFAULT") else rf"HKLM\{path}",
    }


def firewall(disk: Disk, facts: Facts) -> None:
    facts.take("profiles", lambda: _profiles(disk))
    facts.take("outbound_rules", lambda: _rules(disk))


def _profiles(disk: Disk) -> dict:
    names = ("EnableFirewall", "DefaultOutboundAction")
    found: dict = {
        profile: {
            "local": disk.plain(rf"{_LOCAL}\{profile}", *names),
            "policy": disk.plain(rf"{_POLICY}\{profile}", *names, "AllowLocalPolicyMerge"),
        }
        for profile in ("DomainProfile", "StandardProfile", "PublicProfile")
    }
    return {**found, "read_from": [rf"HKLM\{_LOCAL}", rf"HKLM\{_POLICY}"]}


def _rules(disk: Disk) -> list[dict]:
    found = []
    for path in (rf"{_LOCAL}\FirewallRules", rf"{_POLICY}\FirewallRules"):
        for name, rule in (disk.plain(path) or {}).items():
            text = str(rule)
            if "|dir=out|" not in text.lower() or "|active=true|" not in text.lower():
                continue
            if "|action=block|" in text.lower() or not re.search(r"\|(App|Svc|AppPkgId)=", text, re.I):
                # What someone wrote next to a rule decides nothing.
                text = re.sub(r"\|(Desc|EmbedCtxt)=[^|]*", r"|\1=***", text, flags=re.I)
                found.append({"name": name, "rule": excerpt(text, 600), "read_from": rf"HKLM\{path}"})
    return found
