# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables of /etc/environment reach sessions of users who sign in, never the agent's service."""

from __future__ import annotations

from ..._engine._model import INFO, Check, Stage, Verdict, not_applicable, ok, warn
from ..._facts._types import LinuxState
from .._fabric import answer
from .._pages import TROUBLESHOOT_AGENT, agent_issue
from ._proxy import shown
from ._proxy_fix import service_proxy

CHECK = Check(
    title="The agent's proxy is not set in /etc/environment only",
    severity=INFO,
    stage=Stage.STORAGE,
    needs=("proxy.etc_environment", "proxy.paths"),
    explained_by=(
        "proxy_waagent_conf",
        "proxy_service_env",
    ),
    remedies=("environment_proxy",),
    sources=(
        TROUBLESHOOT_AGENT,
        agent_issue(846, "the service does not read /etc/environment"),
    ),
    advice=(
        "Set the proxy for the agent's service: `HttpProxy.Host` and `HttpProxy.Port` in waagent.conf, or "
        "https_proxy in a drop-in of its unit."
    ),
)


def judge(state: LinuxState) -> Verdict:
    environment = state.proxy.etc_environment
    variables = [item for item in environment.variables if item.name.lower() != "no_proxy"] if environment else []
    if not variables:
        return not_applicable("/etc/environment names no proxy")
    evidence = shown(variables)
    agent = state.proxy.paths.agent
    if agent.via == "proxy":
        return ok(*evidence)
    storage = answer(state, "storage")
    if storage and not storage.connected:
        why = "Only /etc/environment names a proxy, which the agent's service does not read, and storage is not reached"
        return warn(why, *evidence, storage.fact("error"), fix=service_proxy(state.want.expect_proxy))
    return ok(*evidence, why="The agent's service does not read /etc/environment: it connects directly")
