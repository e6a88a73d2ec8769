# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the rules of AppLocker allow."""

from __future__ import annotations

import re

from ..._engine._model import Evidence
from ..._facts._types import WindowsState

_ENFORCED = 1


def policy_without_us(state: WindowsState) -> list[Evidence]:
    """AppLocker denies what no rule of an enforced collection allows, and acts only while its service runs."""
    service = state.get("services", {}).get("AppIDSvc")
    executables = state.security.applocker.get("Exe")
    if executables is None or executables.get("enforcement") != _ENFORCED:
        return []
    if service is None or service.state != "Running":
        return []
    rules = executables.get("rules") or []
    if not rules or any(_allows_us(rule) for rule in rules):
        return []
    return [
        Evidence(r"HKLM\SOFTWARE\Policies\Microsoft\Windows\SrpV2\Exe: rules", rules[:5]),
        service.fact("state", "AppIDSvc"),
    ]


def _allows_us(rule: str) -> bool:
    """A rule for SYSTEM or everybody whose path or publisher covers Microsoft's executables below C:\\Packages."""
    if 'Action="Allow"' not in rule or not re.search(r'UserOrGroupSid="(S-1-1-0|S-1-5-18|S-1-5-32-544)"', rule):
        return False
    conditions = rule.partition("<Exceptions>")[0]
    path = re.search(r'<FilePathCondition Path="([^"]*)"', conditions)
    if path:
        return bool(re.match(r"(\*$|(%OSDRIVE%|[A-Z]:)\\(\*|packages\\))", path[1], re.I))
    publisher = re.search(r'PublisherName="([^"]*)"', conditions)
    return bool(publisher and (publisher[1] == "*" or "MICROSOFT CORPORATION" in publisher[1].upper()))
