# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
r"""Application control lets the agent and the snapshot extension run.

AppLocker and App Control (WDAC) can forbid executables and scripts below C:\Packages, where every version of the
extension gets a folder of its own. Events that name our files prove a block until a run succeeds. Without them, an
enforced AppLocker policy is judged by its rules: it blocks what a rule denies or none allows, and only while its
service (AppIDSvc) runs. A rule by hash does not count, because the next version of the extension has other hashes.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Source, Stage, Verdict, by_hand, fail, ok
from ..._engine._state import Facts
from ..._facts._types import WindowsState
from .._codes import NO_STATUS
from .._pages import docs_issue
from . import _events, _run_events
from ._applocker import policy_without_us, rules_against_us

_APP_CONTROL = (
    "https://learn.microsoft.com/windows/security/application-security/application-control/app-control-for-business"
)

CHECK = Check(
    aliases=("win_applocker",),
    title="Application control lets the agent and the snapshot extension run",
    severity=WARNING,
    stage=Stage.HANDLER,
    explains=("ext_status",),
    needs=("security.applocker",),
    error_codes=NO_STATUS,
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
ALLOW_IN_APP_CONTROL = (
    "Add Microsoft's publisher to the App Control policy and deploy the policy again. The events in "
    "Microsoft-Windows-CodeIntegrity/Operational name the files that it blocks."
)


def judge(state: WindowsState) -> Verdict:
    blocked = [
        *_events.since_boot(state, "applocker_blocks", pattern=OURS),
        *_events.since_boot(state, "applocker_script_blocks", pattern=OURS),
    ]
    blocked = _of_last_run(state, blocked)
    if blocked:
        return fail("AppLocker blocked files of the agent or the snapshot extension", *_events.evidence(blocked))
    blocked = _events.since_boot(state, "code_integrity_blocks", pattern=OURS)
    blocked = _of_last_run(state, blocked)
    if blocked:
        return fail(
            "App Control (WDAC) blocked files of the agent or the snapshot extension",
            *_events.evidence(blocked),
            fix=by_hand(ALLOW_IN_APP_CONTROL),
        )
    denied = rules_against_us(state)
    if denied:
        return fail("AppLocker is enforced, and rules deny folders of the agent or its extensions", *denied)
    policy = policy_without_us(state)
    if policy:
        return fail(r"AppLocker is enforced, and no rule allows executables below C:\Packages", *policy)
    return ok(Evidence("AppLocker collections", sorted(state.security.applocker)))


def _of_last_run(state: WindowsState, blocked: list[Facts]) -> list[Facts]:
    """Blocks that no run succeeded after, and not long before one that failed: each start is blocked anew."""
    return _run_events.not_followed_by_success(state, _run_events.not_before_failed_run(state, blocked))
