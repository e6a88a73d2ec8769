# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows runs in its normal mode.

In safe mode Windows starts only the services of a short list. The Azure agent, COM+ and the shadow copy service are not
on it: Azure sees no agent, and no backup can be made. The boot option stays until someone removes it, so a reboot alone
does not help.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Source, Stage, Verdict, fail, ok
from ..._facts._types import WindowsState
from . import _events
from ._needed import need
from ._services import agents_run

CHECK = Check(
    title="Windows runs in its normal mode",
    severity=WARNING,
    stage=Stage.AGENT,
    explains=("rdagent_running", "guestagent_running", "comsysapp", "vss_service", "msdtc", "agent_status"),
    error_codes=("UserErrorGuestAgentStatusUnavailable",),
    advice="Run 'bcdedit /deletevalue {current} safeboot' as administrator and reboot the VM.",
    sources=(
        Source(
            "Remote Desktop cannot connect because a VM boots into Safe Mode",
            "https://learn.microsoft.com/troubleshoot/azure/virtual-machines/windows/troubleshoot-rdp-safe-mode",
        ),
        Source(
            "bcdedit /deletevalue",
            "https://learn.microsoft.com/windows-hardware/drivers/devtest/bcdedit--deletevalue",
        ),
    ),
)

MODES = {1: "safe mode", 2: "safe mode with networking", 3: "directory services repair mode"}
NOT_IN_SAFE_MODE = "8007043c"
"""The error of a service that does not start in safe mode."""


def judge(state: WindowsState) -> Verdict:
    mode = state.identity.get("safe_mode")
    refused = _events.since_boot(state, "vss_errors", pattern=NOT_IN_SAFE_MODE)
    if mode:
        why = f"Windows runs in {MODES.get(mode, f'safe boot option {mode}')}"
        return fail(why, state.identity.fact("safe_mode"), *_events.evidence(refused))
    if refused and mode is None and not agents_run(state):
        return fail("Windows runs in safe mode: it refused to start a service for that", *_events.evidence(refused))
    need(state, "identity.safe_mode")
    return ok(state.identity.fact("safe_mode"))
