# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent calls itself ready and uploads its status."""

from __future__ import annotations

from .._engine._model import WARNING, WINDOWS, Check, Stage, Verdict, fail, not_applicable, ok, warn
from .._engine._state import GuestState
from .._windows import signs

CHECK = Check(
    id="win_aggregate_status",
    title="The agent reports to Azure that it is ready",
    platforms=(WINDOWS,),
    severity=WARNING,
    stage=Stage.GOAL_STATE,
    needs=("agent.aggregate",),
    explained_by=(
        "win_agent_installed",
        "win_svc_rdagent",
        "win_svc_guestagent",
        "wire_http_80",
        "hostga_tcp_32526",
        "guest_firewall_blocks_wire",
        "wire_not_proxied",
        "proxy_reachable",
        "win_npcap_loopback",
        "win_multi_ip_primary",
        "win_agent_crash",
        "win_machine_config",
        "win_wcf_debugging",
        "win_dotnet",
        "win_transparent_update",
        "win_applocker",
        "win_disk_space",
        "win_folder_acl",
        "win_enable64bit",
        "win_tenant_cert",
        "win_crypto_dirs_acl",
        "win_svc_keyiso",
        "clock_skew",
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
    written, uploaded = signs.moment(status.get("written")), signs.moment(status.get("uploaded"))
    if written and uploaded and (written - uploaded).total_seconds() > 60 * MAX_MINUTES:
        return warn(
            "The agent cannot upload its status", status.fact("uploaded", status.get("path")), status.fact("written")
        )
    silent = signs.minutes_before_capture(state, status.get("modified"))
    if silent is not None and silent > MAX_MINUTES:
        return warn("The agent has not written a status for over an hour", status.fact("modified", status.get("path")))
    return ok(status.fact("status", status.get("path")), status.fact("uploaded", status.get("path")))
