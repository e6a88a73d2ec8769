# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent takes a proxy from waagent.conf, else from the variables of its service. Requests to storage are HTTPS,
so that https_proxy counts."""

from __future__ import annotations

from collections.abc import Sequence

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, ok, unknown, warn
from ..._facts._types import LinuxState
from .._fabric import answer
from .._pages import agent_issue
from ._conf import setting
from ._pages import AGENT_README
from ._proxy import agent_environment, by_name, differs, path_evidence, shown
from ._proxy_fix import service_proxy

CHECK = Check(
    title="The proxy variables of the agent's service are usable and in force",
    severity=WARNING,
    stage=Stage.STORAGE,
    needs=("proxy.paths", "conf.settings"),
    explained_by=("agent_unit",),
    error_codes=("ExtensionSnapshotFailedNoNetwork",),
    remedies=("environment_proxy",),
    sources=(
        AGENT_README,
        agent_issue(846, "proxies of the environment"),
    ),
    advice=(
        "Set https_proxy (and no_proxy) in a drop-in of the agent's unit to a proxy that needs no "
        "credentials, or remove the variables; then restart the agent."
    ),
)


def judge(state: LinuxState) -> Verdict:
    environment = agent_environment(state)
    if environment is None:
        return unknown("Neither the agent's process nor its unit files could be read")
    named, path = by_name(environment), state.proxy.paths.agent
    fix = service_proxy(state.want.expect_proxy)
    evidence = shown(item for item in named.values() if item.name.lower() != "all_proxy")
    if path.source == "conf":
        why = "waagent.conf names the proxy: variables are not used"
        return ok(setting(state, "HttpProxy.Host"), *evidence, why=why)
    secure = {name for name in named if name.lower() == "https_proxy"}
    plain = [item for name, item in named.items() if name.lower() == "http_proxy" and item.value]
    if plain and not secure:
        storage = answer(state, "storage")
        if storage and storage.connected and state.want.expect_proxy is None:
            why = "https_proxy is not set: requests to storage, which are HTTPS, go directly, and storage is reached"
            return ok(*evidence, storage.fact("connected"), why=why)
        why = "The agent's service has http_proxy and no https_proxy: requests to storage are HTTPS and do not use it"
        return warn(why, *evidence, fix=fix)
    if path.problem and any(named[name].value for name in secure):
        return warn(f"The agent ignores its proxy variable: {path.reason}", *evidence, fix=fix)
    if path.via == "proxy" and any("***@" in named[name].value for name in secure):
        return warn("The agent's proxy variable holds credentials, which the agent does not send", *evidence, fix=fix)
    gap = differs(state.want.expect_proxy, path)
    if gap and path.source == "environment":
        return warn(gap, *evidence, path_evidence(path), fix=fix)
    return _exemptions(state, evidence) or _not_in_force(state, evidence) or ok(*evidence)


def _exemptions(state: LinuxState, evidence: Sequence[Evidence]) -> Verdict | None:
    want = state.want.expect_proxy
    if not want or state.proxy.paths.agent.via != "proxy":
        return None
    entries = {entry.entry.lower() for entry in state.proxy.get("no_proxy", [])}
    lacking = [entry for entry in want.bypass if entry.lower() not in entries]
    if not lacking:
        return None
    return warn(f"no_proxy of the agent's service lacks {', '.join(lacking)}", *evidence, fix=service_proxy(want))


def _not_in_force(state: LinuxState, evidence: Sequence[Evidence]) -> Verdict | None:
    running, files = state.proxy.get("process"), state.proxy.get("service")
    if not running or not files:
        return None
    pairs = [{(name, item.value) for name, item in by_name(place).items()} for place in (running, files)]
    if pairs[0] == pairs[1]:
        return None
    why = "The running agent has other proxy variables than its unit's files give it: it was not restarted since"
    return warn(why, *evidence, *shown(files.variables), fix=service_proxy(state.want.expect_proxy))
