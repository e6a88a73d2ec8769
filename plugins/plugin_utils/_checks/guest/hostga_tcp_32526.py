# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The host plugin of the Azure host is the agent's way to report status and to get packages without a network of its
own."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, fail, ok, unknown, warn
from ..._engine._state import GuestState
from .._codes import NO_REPORT
from .._fabric import ONLY_ROOT, by_log, hidden
from .._fabric_answers import BROKEN, OF_THE_HOST, slow
from .._pages import FABRIC_ADDRESS, agent_issue

CHECK = Check(
    title="The host plugin accepts connections on TCP port 32526",
    severity=CRITICAL,
    stage=Stage.FABRIC,
    explained_by=("wire_http_80",),
    error_codes=(*NO_REPORT, "ExtensionSnapshotFailedNoNetwork"),
    sources=(
        FABRIC_ADDRESS,
        agent_issue(1596, "port 32526 is blocked"),
    ),
    advice=(
        "Let packets to 168.63.129.16, TCP port 32526, leave the guest, by the primary interface and without a proxy."
    ),
)


def judge(state: GuestState) -> Verdict:
    line = by_log(state, "host_plugin_unreachable", "vm_settings_unanswered")
    if line:
        return fail("The agent could not reach the host plugin when it last tried", line)
    plugin = state.fabric.host_plugin
    evidence = Evidence(plugin.origin, plugin.error or "connected")
    if plugin.connected and (plugin.get("status") or 0) >= BROKEN:
        why = f"The host plugin answers with an error: status {plugin.status}"
        return warn(why, plugin.fact("status"), fix=OF_THE_HOST)
    if plugin.connected:
        late = slow(plugin)
        return (
            warn("The host plugin was reached after several attempts only", late, key="slow") if late else ok(evidence)
        )
    if hidden(state):
        return unknown(ONLY_ROOT, evidence)
    return fail(f"The host plugin cannot be reached on TCP port {plugin.port}: {plugin.error}", evidence)
