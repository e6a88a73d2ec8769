# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent compares entries of no_proxy in its own way: wildcards exempt nothing, and agents before 2.2.35 do not
read the variable at all."""

from __future__ import annotations

from ..._engine._model import INFO, Check, Evidence, Stage, Verdict, by_hand, not_applicable, ok, warn
from ..._facts._types import LinuxState
from .._pages import agent_issue
from .._versions import version
from ._agent import agent_version
from ._proxy_fix import service_proxy

SINCE = "2.2.35"

CHECK = Check(
    title="The agent understands every entry of no_proxy",
    severity=INFO,
    stage=Stage.STORAGE,
    needs=("proxy.no_proxy", "proxy.paths"),
    explained_by=(
        "proxy_waagent_conf",
        "proxy_service_env",
    ),
    remedies=("environment_proxy",),
    sources=(agent_issue(1382, "entries of no_proxy"),),
    advice="Write domains as `.example.org`, without an asterisk.",
)


def judge(state: LinuxState) -> Verdict:
    entries = state.proxy.no_proxy
    if not entries:
        return not_applicable("The agent has no no_proxy")
    if state.proxy.paths.agent.via != "proxy":
        return ok(why="The agent does not use a proxy for storage")
    evidence = Evidence("no_proxy", ",".join(entry.entry for entry in entries))
    wild = [entry.entry for entry in entries if entry.kind == "wildcard"]
    if wild:
        return warn(
            f"The agent ignores wildcards: {', '.join(wild)} in no_proxy exempts nothing",
            evidence,
            fix=service_proxy(state.want.expect_proxy),
        )
    running = agent_version(state) if state.get("agent") else None
    if running and running < version(SINCE):
        return warn(
            f"This agent is older than {SINCE} and does not read no_proxy", evidence, fix=by_hand("Upgrade the agent.")
        )
    return ok(evidence)
