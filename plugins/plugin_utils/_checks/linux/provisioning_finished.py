# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent processes no extension before the guest is provisioned: it waits for ovf-env.xml, for cloud-init, or for
its own marker."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, fail, ok, unknown, warn
from ..._engine._state import Facts
from ..._facts._types import LinuxState
from .._pages import agent_issue
from ._agent import SETTLED_S, agent_version
from ._agent_log import logged

CHECK = Check(
    title="Provisioning is finished",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("agent",),
    explained_by=("agent_service_running",),
    sources=(
        agent_issue(2025, "waiting for cloud-init"),
        agent_issue(1359, "ovf-env.xml is missing"),
    ),
    advice=(
        "Run `cloud-init status --long` and read /var/log/cloud-init.log. On a guest that was provisioned "
        "long ago, create the marker with `touch /var/lib/waagent/provisioned` and restart the agent."
    ),
)

PROVISIONING_AGENT_SINCE = (2, 2, 45)
"""Older agents take Provisioning.Enabled and Provisioning.UseCloudInit, later ones Provisioning.Agent."""


def judge(state: LinuxState) -> Verdict:
    waiting = logged(state, "waiting_for_provisioning") or logged(state, "provisioning_failed")
    if waiting and "provisioning" not in state.agent:
        return fail("The agent waits for provisioning to finish", waiting)
    facts = state.agent.provisioning
    cloud_init = logged(state, "waiting_for_cloud_init")
    if cloud_init and state.agent.get("handler", True):
        return warn("The agent processes no extension before cloud-init completes", cloud_init)
    if state.agent.get("handler") or (facts.provisioned and not waiting):
        return ok(facts.fact("provisioned"))
    marker = Evidence(f"{facts.origin}/provisioned", "present" if facts.provisioned else "absent")
    if _both_off(state, facts):
        keys = [Evidence(f"waagent.conf: {key}", value) for key, value in facts.legacy.as_dict().items()]
        return fail(
            "No provisioning agent is enabled: Provisioning.Enabled and Provisioning.UseCloudInit are both off",
            *keys,
            marker,
        )
    if waiting:
        cause, evidence = _reason(facts)
        return fail(f"The agent waits for provisioning to finish{cause}", waiting, *evidence, marker)
    daemon = state.agent.get("daemon")
    if daemon is None:
        return ok(marker, why="The agent has not provisioned this guest yet; it does not run")
    if (daemon.age_s or 0) < SETTLED_S:
        return unknown("The agent started a moment ago and is still provisioning", marker)
    return warn("The agent runs and has not finished provisioning", marker, *_reason(facts)[1])


def _both_off(state: LinuxState, facts: Facts) -> bool:
    version = agent_version(state)
    if version is not None and version >= PROVISIONING_AGENT_SINCE:
        return False
    off = [str(value).lower() == "n" for value in facts.legacy.as_dict().values()]
    return len(off) == 2 and all(off) and not facts.provisioned


def _reason(facts: Facts) -> tuple[str, list[Evidence]]:
    if facts.udf is not None and not facts.ovf_env:
        return ": the kernel may not load udf, so the provisioning disc cannot be read", [facts.udf.fact("line")]
    if facts.agent in ("cloud-init", "auto") and facts.cloud_init.off_by:
        return ": cloud-init is switched off", [facts.cloud_init.fact("off_by")]
    if facts.agent == "cloud-init" and not facts.cloud_init.installed:
        return ": it waits for cloud-init, which is not installed", [facts.cloud_init.fact("installed")]
    if not facts.ovf_env:
        return ": ovf-env.xml is missing", [facts.fact("ovf_env")]
    return "", []
