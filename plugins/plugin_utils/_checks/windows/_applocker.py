# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the rules of AppLocker allow."""

from __future__ import annotations

import re

from ..._engine._model import Evidence
from ..._facts._types import WindowsState

_AUDITED = 0
_FOR_US = re.compile(r'UserOrGroupSid="(?:S-1-1-0|S-1-5-(?:6|11|18)|S-1-5-32-544)"')
"""SYSTEM and the groups of its services: everyone, all services, all who signed in, and administrators."""
_PATH = re.compile(r'<FilePathCondition Path="([^"]*)"')
_OUR_FOLDERS = re.compile(
    r"(?:%OSDRIVE%|[A-Z]:)\\(?:WindowsAzure\\|Packages\\(?:Plugins\\(?:Microsoft\.Azure\.RecoveryServices\.VMSnapshot\\)?)?)\*",
    re.IGNORECASE,
)
"""Paths that take in the whole folder of the agent or of the snapshot extension."""


def policy_without_us(state: WindowsState) -> list[Evidence]:
    """AppLocker denies what no rule of an enforced collection allows, and acts only while its service runs."""
    rules = _enforced(state).get("Exe", [])
    if not rules or any(_allows_us(rule) for rule in rules):
        return []
    return _evidence(state, "Exe", rules)


def rules_against_us(state: WindowsState) -> list[Evidence]:
    """Rules of enforced collections that deny our folders, which count before those that allow."""
    for name, rules in _enforced(state).items():
        denying = [rule for rule in rules if _denies_us(rule)]
        if denying:
            return _evidence(state, name, denying)
    return []


def _enforced(state: WindowsState) -> dict[str, list[str]]:
    """The rules of the collections that are in force, by name: of all that are not audited only."""
    service, found = state.get("services", {}).get("AppIDSvc"), state.security.applocker
    if service is None or service.state != "Running":
        return {}
    return {name: found[name].get("rules") or [] for name in found if found[name].get("enforcement") != _AUDITED}


def _evidence(state: WindowsState, name: str, rules: list[str]) -> list[Evidence]:
    service = state.services.AppIDSvc
    return [
        Evidence(rf"HKLM\SOFTWARE\Policies\Microsoft\Windows\SrpV2\{name}: rules", rules[:5]),
        *([service.fact("state", "AppIDSvc")] if service is not None else []),
    ]


def _denies_us(rule: str) -> bool:
    """A rule that denies SYSTEM or everybody one of our folders, without exceptions."""
    if 'Action="Deny"' not in rule or not _FOR_US.search(rule) or "<Exceptions>" in rule:
        return False
    path = _PATH.search(rule)
    return bool(path and _OUR_FOLDERS.fullmatch(path[1]))


def _allows_us(rule: str) -> bool:
    """A rule for SYSTEM or everybody whose path or publisher covers Microsoft's executables below C:\\Packages."""
    if 'Action="Allow"' not in rule or not _FOR_US.search(rule):
        return False
    conditions, _mark, exceptions = rule.partition("<Exceptions>")
    if any(_OUR_FOLDERS.fullmatch(place) for place in _PATH.findall(exceptions)):
        return False
    path = _PATH.search(conditions)
    if path:
        return bool(re.match(r"(\*$|(%OSDRIVE%|[A-Z]:)\\(\*|packages\\))", path[1], re.I))
    publisher = re.search(r'PublisherName="([^"]*)"', conditions)
    return bool(publisher and (publisher[1] == "*" or "MICROSOFT CORPORATION" in publisher[1].upper()))
