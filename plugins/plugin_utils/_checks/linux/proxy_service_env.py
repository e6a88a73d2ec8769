# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proxy variables of the agent's service are such as the agent can use, and in force."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, ok, unknown, warn
from ..._engine._state import GuestState
from ._conf import setting
from ._proxy import agent_environment, by_name, differs, path_evidence, shown

CHECK = Check(
    title="Proxy variables of the agent's service are usable",
    severity=WARNING,
    stage=Stage.STORAGE,
    needs=("proxy.paths", "conf.settings"),
    explained_by=("agent_unit",),
    error_codes=("ExtensionSnapshotFailedNoNetwork",),
    source="WALinuxAgent: README on proxies, issue 846; its code tried",
)


def judge(state: GuestState) -> Verdict:
    environment = agent_environment(state)
    if environment is None:
        return unknown("Neither the agent's process nor its unit files could be read")
    named, path = by_name(environment), state.proxy.paths.agent
    evidence = shown(item for item in named.values() if item.name.lower() != "all_proxy")
    if path.source == "conf":
        return ok(
            setting(state, "HttpProxy.Host"), *evidence, why="waagent.conf names the proxy: variables do not count"
        )
    secure = {name for name in named if name.lower() == "https_proxy"}
    plain = [item for name, item in named.items() if name.lower() == "http_proxy" and item.value]
    if plain and not secure:
        return warn(
            "The agent's service has http_proxy and no https_proxy: requests to storage, which are HTTPS, go direct",
            *evidence,
        )
    if path.problem and any(named[name].value for name in secure):
        return warn(f"The agent ignores its proxy variable: {path.reason}", *evidence)
    if path.via == "proxy" and any("***@" in named[name].value for name in secure):
        return warn("The agent's proxy variable holds a log-in, which the agent drops", *evidence)
    gap = differs(state.want.expect_proxy, path)
    if gap and path.source == "environment":
        return warn(gap, *evidence, path_evidence(path))
    return _exemptions(state, named, evidence) or _not_in_force(state, evidence) or ok(*evidence)


def _exemptions(state: GuestState, named, evidence) -> Verdict | None:
    want = state.want.expect_proxy
    if not want or state.proxy.paths.agent.via != "proxy":
        return None
    entries = {entry.entry.lower() for entry in state.proxy.get("no_proxy", [])}
    lacking = [entry for entry in want.bypass if entry.lower() not in entries]
    return warn(f"no_proxy of the agent's service lacks {', '.join(lacking)}", *evidence) if lacking else None


def _not_in_force(state: GuestState, evidence) -> Verdict | None:
    running, files = state.proxy.get("process"), state.proxy.get("service")
    if not running or not files:
        return None
    pairs = [{(name, item.value) for name, item in by_name(place).items()} for place in (running, files)]
    if pairs[0] == pairs[1]:
        return None
    why = "The running agent has other proxy variables than its unit's files give it: it was not restarted since"
    return warn(why, *evidence, *shown(files.variables))
