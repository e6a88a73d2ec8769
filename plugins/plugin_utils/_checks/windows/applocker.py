# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
r"""Application control lets the agent and the snapshot extension run.

AppLocker and App Control (WDAC) can forbid executables and scripts below C:\Packages, where every version of the
extension gets a folder of its own. Events that name our files prove a block. Without events an enforced AppLocker
policy is judged by its rules: it blocks what no rule allows, and only while its service (AppIDSvc) runs. A rule by
hash does not count, because the next version of the extension has other hashes.
"""

from __future__ import annotations

import re

from ..._engine._model import WARNING, Check, Evidence, Source, Stage, Verdict, by_hand, fail, ok
from ..._facts._types import WindowsState
from .._pages import docs_issue
from . import _signs

_APP_CONTROL = (
    "https://learn.microsoft.com/windows/security/application-security/application-control/app-control-for-business"
)

CHECK = Check(
    aliases=("win_applocker",),
    title="Application control lets the agent and the snapshot extension run",
    severity=WARNING,
    stage=Stage.HANDLER,
    needs=("security.applocker",),
    error_codes=(
        "GuestAgentSnapshotTaskStatusError",
        "ExtensionOperationFailedForManagedDisks",
    ),
    keeps_agent_down=True,
    advice=(
        r"Add allow rules for SYSTEM to the AppLocker policy, executables and scripts: the publisher O=MICROSOFT "
        r"CORPORATION, or the paths %OSDRIVE%\Packages\* and %OSDRIVE%\WindowsAzure\*."
    ),
    sources=(
        docs_issue(53568, "AppLocker without a rule for C:\\Packages"),
        Source("Using Event Viewer with AppLocker", f"{_APP_CONTROL}/applocker/using-event-viewer-with-applocker"),
        Source("App Control for Business event IDs", f"{_APP_CONTROL}/operations/event-id-explanations"),
    ),
)

OURS = r"packages\\plugins|windowsazure|iaasbcdrextension|iaasvmprovider|waappagent"
ENFORCED = 1
ALLOW_IN_APP_CONTROL = (
    "Add Microsoft's publisher to the App Control policy and deploy the policy again. The events in "
    "Microsoft-Windows-CodeIntegrity/Operational name the files that it blocks."
)


def judge(state: WindowsState) -> Verdict:
    blocked = [
        *_signs.events(state, "applocker_blocks", pattern=OURS),
        *_signs.events(state, "applocker_script_blocks", pattern=OURS),
    ]
    if blocked:
        return fail("AppLocker blocked files of the agent or the snapshot extension", *_signs.evidence(blocked))
    blocked = _signs.events(state, "code_integrity_blocks", pattern=OURS)
    if blocked:
        return fail(
            "App Control (WDAC) blocked files of the agent or the snapshot extension",
            *_signs.evidence(blocked),
            fix=by_hand(ALLOW_IN_APP_CONTROL),
        )
    policy = _policy_without_us(state)
    if policy:
        return fail(r"AppLocker is enforced, and no rule allows executables below C:\Packages", *policy)
    return ok(Evidence("AppLocker collections", sorted(state.security.applocker)))


def _policy_without_us(state: WindowsState) -> list[Evidence]:
    """AppLocker denies what no rule of an enforced collection allows, and acts only while its service runs."""
    service = state.get("services", {}).get("AppIDSvc")
    executables = state.security.applocker.get("Exe")
    if executables is None or executables.get("enforcement") != ENFORCED:
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
