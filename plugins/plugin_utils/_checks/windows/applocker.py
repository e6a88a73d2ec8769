# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Application control lets the agent and the snapshot plugin run."""

from __future__ import annotations

import re

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, ok
from ..._engine._state import GuestState
from . import _signs

CHECK = Check(
    aliases=("win_applocker",),
    title="Application control lets agent and plugin run",
    severity=WARNING,
    stage=Stage.HANDLER,
    needs=("security.applocker",),
    error_codes=(
        "GuestAgentSnapshotTaskStatusError",
        "ExtensionOperationFailedForManagedDisks",
    ),
    keeps_agent_down=True,
    source="azure-docs 53568: AppLocker without a rule for C:\\Packages; Microsoft, application control and backup",
)

OURS = r"packages\\plugins|windowsazure|iaasbcdrextension|iaasvmprovider|waappagent"
ENFORCED = 1


def judge(state: GuestState) -> Verdict:
    blocked = [
        *_signs.events(state, "applocker_blocks", pattern=OURS),
        *_signs.events(state, "applocker_script_blocks", pattern=OURS),
    ]
    if blocked:
        return fail("AppLocker keeps the agent or the snapshot plugin from running", *_signs.evidence(blocked))
    blocked = _signs.events(state, "code_integrity_blocks", pattern=OURS)
    if blocked:
        return fail("Application control (WDAC) keeps the snapshot plugin from running", *_signs.evidence(blocked))
    policy = _policy_without_us(state)
    if policy:
        return fail(r"AppLocker is enforced and no rule allows programs below C:\Packages", *policy)
    return ok(Evidence("AppLocker collections", sorted(state.security.applocker)))


def _policy_without_us(state: GuestState) -> list[Evidence]:
    """AppLocker denies what no rule of an enforced collection allows, and acts only while its service runs."""
    service = state.get("services", {}).get("AppIDSvc")
    programs = state.security.applocker.get("Exe")
    if programs is None or programs.get("enforcement") != ENFORCED or service is None or service.state != "Running":
        return []
    rules = programs.get("rules") or []
    if not rules or any(_allows_us(rule) for rule in rules):
        return []
    return [
        Evidence(r"HKLM\SOFTWARE\Policies\Microsoft\Windows\SrpV2\Exe: rules", rules[:5]),
        service.fact("state", "AppIDSvc"),
    ]


def _allows_us(rule: str) -> bool:
    """A rule for SYSTEM or everybody whose path or publisher covers programs of Microsoft below C:\\Packages."""
    if 'Action="Allow"' not in rule or not re.search(r'UserOrGroupSid="(S-1-1-0|S-1-5-18|S-1-5-32-544)"', rule):
        return False
    conditions = rule.partition("<Exceptions>")[0]
    path = re.search(r'<FilePathCondition Path="([^"]*)"', conditions)
    if path:
        return bool(re.match(r"(\*$|(%OSDRIVE%|[A-Z]:)\\(\*|packages\\))", path[1], re.I))
    publisher = re.search(r'PublisherName="([^"]*)"', conditions)
    # A rule by hash allows single files: newer versions of the plugin are not among them.
    return bool(publisher and (publisher[1] == "*" or "MICROSOFT CORPORATION" in publisher[1].upper()))
