# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HttpProxy.Host and HttpProxy.Port in waagent.conf make one usable proxy, or are both absent."""

from __future__ import annotations

import re

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, ok, warn
from ..._engine._state import GuestState
from ._agent import logged
from ._conf import setting
from ._proxy import differs, path_evidence

CHECK = Check(
    title="The proxy in waagent.conf is complete",
    severity=WARNING,
    stage=Stage.STORAGE,
    needs=("conf.settings", "proxy.paths"),
    explained_by=("conf_path",),
    error_codes=("ExtensionSnapshotFailedNoNetwork",),
    source="article, issue 1, step 1; WALinuxAgent issues 523 and 952; code of agent and extension",
)
KEYS = ("HttpProxy.Host", "HttpProxy.Port")
PLAIN = re.compile(r"[A-Za-z0-9_.-]+|[0-9A-Fa-f:]*::?[0-9A-Fa-f:.]*")


def judge(state: GuestState) -> Verdict:
    host, port = (state.conf.settings[key] for key in KEYS)
    evidence = [setting(state, key) for key in KEYS]
    path, extension = state.proxy.paths.agent, state.proxy.paths.snapshot_extension
    if host.text is not None and port.value is None:
        said = "without HttpProxy.Port" if port.text is None else f"with an unusable HttpProxy.Port ({port.text})"
        uses = (
            f"the extension's own code would use {extension.proxy}"
            if extension.via == "proxy"
            else "so does the extension"
        )
        return warn(f"HttpProxy.Host is set {said}: the agent goes direct, {uses}", *evidence)
    if host.text is None and port.text is not None:
        return warn("HttpProxy.Port is set without HttpProxy.Host: no proxy is used", *evidence)
    if host.text is not None:
        wrong = _wrong(host.text, port.value)
        if wrong:
            return warn(f"The agent cannot use HttpProxy.Host and HttpProxy.Port: {wrong}", *evidence)
        old = _old_python(state)
        if old:
            why = "The agent ends when a proxy is configured: its Python 2.6 cannot send HTTPS through one"
            return fail(why, *evidence, old)
    gap = differs(state.want.expect_proxy, path)
    if gap and path.source != "environment":
        return warn(gap, *evidence, path_evidence(path))
    return ok(*evidence)


def _old_python(state: GuestState) -> Evidence | None:
    if not state.get("agent"):
        return None
    python = state.agent.get("interpreter")
    if python and (python.version or "").startswith("2.6"):
        return python.fact("version")
    return logged(state, "https_through_old_proxy_code")


def _wrong(host: str, port: int) -> str | None:
    if not host:
        return "the host is empty"
    if "://" in host:
        return "the host carries a scheme"
    if not PLAIN.fullmatch(host):
        return "the host is no bare name or address"
    return None if 0 < port < 65536 else f"{port} is no port number"
