# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CNG Key Isolation can start: the agent's keys live there.

The agent asks this service (KeyIso) for the private key of its certificate. Windows starts it when a key is used, so
stopped is normal. Disabled is a failure, and so is stopped while the agent's log complains of it since the last run
that succeeded.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Fix, Source, Stage, Verdict, fail, ok
from ..._facts._types import WindowsState
from . import _agent_log, _last_run
from ._pages import TROUBLESHOOT_AGENT_WINDOWS
from ._service_rules import must_start

CHECK = Check(
    aliases=("win_svc_keyiso",),
    title="CNG Key Isolation can start",
    severity=WARNING,
    stage=Stage.GOAL_STATE,
    needs=("services.KeyIso",),
    remedies=("win_backup_services",),
    advice=(
        "Run 'sc.exe config KeyIso start= demand', 'net start KeyIso' and 'Restart-Service WindowsAzureGuestAgent'."
    ),
    sources=(
        TROUBLESHOOT_AGENT_WINDOWS,
        Source(
            "Guidance on disabling system services on Windows Server",
            "https://learn.microsoft.com/windows-server/security/windows-services/"
            "security-guidelines-for-disabling-system-services-in-windows-server",
        ),
    ),
)

SIGNS = r"key ?isolation|KeyIso|NCryptOpenStorageProvider|0x8009001d|0x800706ba.*cert|cert.*(0x800706ba|RPC server)"


def judge(state: WindowsState) -> Verdict:
    verdict = must_start(
        state, "KeyIso", "the agent cannot use its keys", Fix("win_backup_services", services=["KeyIso"])
    )
    service = state.services.KeyIso
    if verdict.status != "ok" or service is None or service.state == "Running":
        return verdict
    done = _last_run.time_of_success(state)
    found = _agent_log.lines(state, SIGNS, after=done)
    if found:
        return fail(
            "CNG Key Isolation is stopped, and the agent fails because of it",
            service.fact("state"),
            *found,
            fix=Fix("win_backup_services", started=["KeyIso"], restarted=True),
        )
    return ok(service.fact("state"), service.fact("start"), why="Started when a key is used: stopped is normal")
