# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent uses a proxy only if HttpProxy.Host and HttpProxy.Port together make a usable one. Agent and snapshot
extension read half a pair differently: the agent then connects directly, the extension may not."""

from __future__ import annotations

import re

from ..._engine._model import WARNING, ByHand, Check, Evidence, Fix, Stage, Verdict, by_hand, fail, ok, warn
from ..._engine._state import Facts
from ..._facts._types import LinuxState
from .._pages import TROUBLESHOOT_AGENT, agent_issue
from ._agent_log import logged
from ._conf import setting
from ._pages import AGENT_README
from ._proxy import differs, path_evidence
from ._proxy_fix import KEYS, NAME_IT, NO_PROXY, conf_proxy

CHECK = Check(
    title="The proxy in waagent.conf is complete and usable",
    severity=WARNING,
    stage=Stage.STORAGE,
    needs=("conf.settings", "proxy.paths"),
    explained_by=("conf_path", "conf_agent_syntax"),
    explains=("dns_resolution",),
    error_codes=("ExtensionSnapshotFailedNoNetwork",),
    remedies=("waagent_conf",),
    sources=(
        TROUBLESHOOT_AGENT,
        AGENT_README,
        agent_issue(523, "a proxy with Python 2.6"),
        agent_issue(952, "half a proxy"),
    ),
    advice="Set both HttpProxy.Host (a bare name or address) and HttpProxy.Port, or neither; then restart the agent.",
)
PLAIN = re.compile(r"[A-Za-z0-9_.-]+|[0-9A-Fa-f:]*::?[0-9A-Fa-f:.]*")


def judge(state: LinuxState) -> Verdict:
    host, port = (state.conf.settings[key] for key in KEYS)
    evidence = [setting(state, key) for key in KEYS]
    want, path = state.want.expect_proxy, state.proxy.paths.agent
    wrong = _wrong(host, port, state.proxy.paths.snapshot_extension)
    if wrong:
        why, otherwise = wrong
        return warn(why, *evidence, fix=conf_proxy(want) or otherwise)
    old = _old_python(state) if host.text is not None else None
    if old:
        why = "The agent exits when a proxy is configured: its Python 2.6 cannot send HTTPS through one"
        return fail(why, *evidence, old, fix=by_hand("Upgrade the agent's Python, or configure no proxy."))
    gap = differs(want, path)
    if gap and path.source != "environment":
        return warn(gap, *evidence, path_evidence(path), fix=conf_proxy(want) or NAME_IT)
    return ok(*evidence)


def _wrong(host: Facts, port: Facts, extension: Facts) -> tuple[str, Fix | ByHand] | None:
    """Why the pair is not a usable proxy, and what to do where nothing is said of the wanted one."""
    if host.text is None and port.text is None:
        return None
    if host.text is None:
        return "HttpProxy.Port is set without HttpProxy.Host: no proxy is used", NO_PROXY
    if port.value is None:
        said = "without HttpProxy.Port" if port.text is None else f"with an unusable HttpProxy.Port ({port.text})"
        uses = "so does the extension"
        if extension.via == "proxy":
            uses = f"the extension's own code would use {extension.proxy}"
        why = f"HttpProxy.Host is set {said}: the agent connects directly, {uses}"
        return why, NO_PROXY if port.text is None else NAME_IT
    unusable = _unusable(host.text, port.value)
    return (f"The agent cannot use HttpProxy.Host and HttpProxy.Port: {unusable}", NAME_IT) if unusable else None


def _unusable(host: str, port: int) -> str | None:
    if not host:
        return "the host is empty"
    if "://" in host:
        return "the host carries a scheme"
    if not PLAIN.fullmatch(host):
        return "the host is not a bare name or address"
    return None if 0 < port < 65536 else f"{port} is not a port number"


def _old_python(state: LinuxState) -> Evidence | None:
    if not state.get("agent"):
        return None
    python = state.agent.get("interpreter")
    if python and (python.version or "").startswith("2.6"):
        return python.fact("version")
    return logged(state, "https_through_old_proxy_code")
