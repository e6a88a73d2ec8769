# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The snapshot extension, whose parser is stricter, reads the same proxy in waagent.conf as the agent does."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, not_applicable, ok, warn
from ..._engine._state import GuestState
from ._conf import setting

CHECK = Check(
    title="The snapshot extension can read waagent.conf",
    severity=CRITICAL,
    stage=Stage.STORAGE,
    needs=("conf.extension",),
    explained_by=("conf_path",),
    source="VMSnapshotLinux: its own reader of waagent.conf, tried on crafted lines",
)
KEYS = {"HttpProxy.Host": "proxy_host", "HttpProxy.Port": "proxy_port"}


def judge(state: GuestState) -> Verdict:
    conf, extension = state.conf, state.conf.extension
    settings = conf.get("settings")
    if settings is None:
        return not_applicable("The agent cannot read the file either: conf_path judges that")
    proxied = [key for key in KEYS if settings[key].text is not None]
    effect = "it does not see the proxy" if proxied else "without a proxy in it nothing is lost"
    error = extension.error
    if error is not None and error.line is None:
        evidence = Evidence(extension.path, error.reason)
        why = f"The snapshot extension looks for {extension.path}, the agent for {conf.path}: {effect}"
        return warn(why, evidence) if proxied else ok(evidence, why=why)
    if error is not None:
        why = f"The snapshot extension gives waagent.conf up because of one line: {effect}"
        return warn(why, Evidence(f"{extension.path}:{error.line}", error.reason))
    if conf.path != extension.path:
        return ok(Evidence(extension.path, "read"))
    for key in proxied:
        if settings[key].text != extension[KEYS[key]]:
            other = extension.fact(KEYS[key])
            return warn(f"The snapshot extension reads another {key} than the agent", setting(state, key), other)
    return ok(Evidence(extension.path, "read"))
