# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""168.63.129.16 is reachable from the guest only. A request to it that goes through a proxy is lost."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, by_hand, fail, ok, unknown, warn
from ..._engine._state import Facts
from ..._facts._types import LinuxState
from .._fabric import answer, wire_address
from .._pages import FABRIC_ADDRESS, agent_issue
from .._tried_proxies import proxies
from .._versions import version
from ._agent import agent_version
from ._proxy import agent_environment, path_evidence, shown
from ._proxy_fix import service_proxy

CHECK = Check(
    title="Traffic to the Azure host bypasses proxies",
    severity=CRITICAL,
    stage=Stage.STORAGE,
    needs=("proxy",),
    explained_by=("proxy_service_env",),
    remedies=("environment_proxy",),
    sources=(
        FABRIC_ADDRESS,
        agent_issue(769, "requests to the host plugin through a proxy"),
    ),
    advice=(
        "Add 168.63.129.16 and 169.254.169.254 to no_proxy where http_proxy is set, and take any transparent "
        "proxy out of the way to them."
    ),
)
FIXED = "2.2.15"


def judge(state: LinuxState) -> Verdict:
    old = state.proxy.paths.host_plugin_before_2_2_15
    running = agent_version(state) if state.get("agent") else None
    if old.via == "proxy" and running and running < version(FIXED):
        why = f"This agent is older than {FIXED} and sends requests to the host plugin through its proxy"
        evidence = [path_evidence(old), state.agent.version.fact("value")]
        refusal = _refusal(state, old.proxy)
        fix = by_hand("Upgrade the agent.")
        return fail(why, *evidence, refusal, fix=fix) if refusal else warn(why, *evidence, fix=fix)
    wire = answer(state, "wire_http")
    if wire and wire.get("via"):
        return warn("An intermediary takes the guest's traffic to the wire server", wire.fact("via"))
    address = wire_address(state)
    for place, whose in (
        ("process", "the agent's service"),
        ("service", "the agent's service"),
        ("etc_environment", "sessions"),
    ):
        variables = state.proxy.get(place)
        if variables and address in variables.not_exempt and _names_a_proxy(variables):
            return warn(
                f"The environment of {whose} names a proxy and does not exempt {address}: the agent itself "
                "bypasses it, tools that are started by hand or by extensions do not",
                *shown(variables.variables),
                fix=service_proxy(state.want.expect_proxy, "logins"),
            )
    if agent_environment(state) is None:
        return unknown("Neither the agent's process nor its unit files could be read")
    return ok(path_evidence(state.proxy.paths.host_plugin))


def _names_a_proxy(variables: Facts) -> bool:
    """The fabric is called by plain HTTP: https_proxy does not matter for it."""
    return any(item.name.lower() in ("http_proxy", "all_proxy") and item.value for item in variables.variables)


def _refusal(state: LinuxState, place: str | None) -> Evidence | None:
    """What shows that the proxy does not pass such requests on: it is dead, or refuses a tunnel."""
    for proxy in proxies(state):
        if proxy.proxy == place and (not proxy.connected or proxy.status != 200):
            return Evidence(proxy.origin, proxy.error or proxy.answer)
    return None
