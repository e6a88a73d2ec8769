# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent calls itself ready and uploads its status."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, fail, not_applicable, ok, warn
from ..._engine._state import GuestState
from . import _signs

CHECK = Check(
    aliases=("win_aggregate_status",),
    title="The agent reports to Azure that it is ready",
    severity=WARNING,
    stage=Stage.GOAL_STATE,
    needs=("agent.aggregate",),
    explained_by=(
        "guestagent_running",
        "hostga_tcp_32526",
        "proxy_reachable",
        "npcap_loopback",
        "tenant_cert",
    ),
    source="VM assist for Windows gathers it; Microsoft, troubleshooting the Windows Azure guest agent",
)

MAX_MINUTES = 60
"""The agent uploads every few minutes: an hour without is no hiccup."""


def judge(state: GuestState) -> Verdict:
    status = state.agent.aggregate
    if status is None:
        return not_applicable("The agent has not written a status yet")
    if str(status.get("status")).lower() not in ("ready", "none"):
        return fail(
            f"The agent reports {status.status}: {status.get('message') or 'no reason given'}",
            status.fact("status", status.get("path")),
            key=f"agent reports {status.status}",
        )
    written, uploaded = _signs.moment(status.get("written")), _signs.moment(status.get("uploaded"))
    if written and uploaded and (written - uploaded).total_seconds() > 60 * MAX_MINUTES:
        return warn(
            "The agent cannot upload its status", status.fact("uploaded", status.get("path")), status.fact("written")
        )
    silent = _signs.minutes_before_capture(state, status.get("modified"))
    if silent is not None and silent > MAX_MINUTES:
        return warn("The agent has not written a status for over an hour", status.fact("modified", status.get("path")))
    return ok(status.fact("status", status.get("path")), status.fact("uploaded", status.get("path")))
