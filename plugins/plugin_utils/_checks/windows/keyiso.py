# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CNG key isolation can start: the agent's keys live there."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, fail, ok
from ..._engine._state import GuestState
from . import _signs
from ._services import must_start

CHECK = Check(
    aliases=("win_svc_keyiso",),
    title="CNG key isolation can start",
    severity=WARNING,
    stage=Stage.GOAL_STATE,
    needs=("services.KeyIso",),
    source="Microsoft, troubleshooting the Windows Azure guest agent",
)

SIGNS = r"key ?isolation|KeyIso|NCryptOpenStorageProvider|0x8009001d|0x800706ba.*cert|cert.*(0x800706ba|RPC server)"


def judge(state: GuestState) -> Verdict:
    verdict = must_start(state, "KeyIso", "the agent cannot use its keys")
    service = state.services.KeyIso
    if verdict.status != "ok" or service is None or service.state == "Running":
        return verdict
    found = _signs.in_agent_log(state, SIGNS) if state.get("agent") is not None else []
    if found:
        return fail("CNG key isolation is stopped and the agent fails for want of it", service.fact("state"), *found)
    return ok(service.fact("state"), service.fact("start"), why="Started when a key is used: stopped is normal")
