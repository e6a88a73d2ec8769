# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proxy variables in /etc/environment: they reach log-ins, never the agent's service."""

from __future__ import annotations

from ..._engine._model import INFO, Check, Stage, Verdict, not_applicable, ok, warn
from ..._engine._state import GuestState
from .._fabric import answer
from ._proxy import shown

CHECK = Check(
    title="/etc/environment is not relied on for the agent's proxy",
    severity=INFO,
    stage=Stage.STORAGE,
    needs=("proxy.etc_environment", "proxy.paths"),
    explained_by=(
        "proxy_waagent_conf",
        "proxy_service_env",
    ),
    source="article, issue 1, step 1; WALinuxAgent issues 846 and 2341",
)


def judge(state: GuestState) -> Verdict:
    variables = [item for item in state.proxy.etc_environment.variables if item.name.lower() != "no_proxy"]
    if not variables:
        return not_applicable("/etc/environment names no proxy")
    evidence = shown(variables)
    agent = state.proxy.paths.agent
    if agent.via == "proxy":
        return ok(*evidence)
    storage = answer(state, "storage")
    if storage and not storage.connected:
        why = "Only /etc/environment names a proxy, which the agent's service does not read, and storage is not reached"
        return warn(why, *evidence, storage.fact("error"))
    return ok(*evidence, why="The agent's service does not read /etc/environment: it goes direct")
