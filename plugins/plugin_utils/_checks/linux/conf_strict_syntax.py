# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The snapshot extension reads the same proxy in waagent.conf as the agent does.

The extension has a reader of its own for this file, and that one is stricter: blanks around ``=`` or an indented
comment that holds ``=`` make it ignore the whole file. It then connects to storage directly, without the proxy, and in
a network that needs the proxy a snapshot that the guest takes itself fails.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Fix, Stage, Verdict, by_hand, not_applicable, ok, warn
from ..._facts._types import LinuxState
from .._pages import extension_file
from ._conf import setting

CHECK = Check(
    title="The snapshot extension can read waagent.conf",
    severity=CRITICAL,
    stage=Stage.STORAGE,
    needs=("conf.extension",),
    explained_by=("conf_path",),
    remedies=("waagent_conf",),
    sources=(extension_file("WaagentLib.py"), extension_file("HttpUtil.py")),
    advice="Write every setting as Key=Value without blanks around '=', and begin every comment with '#' in the first"
    " column.",
)
KEYS = {"HttpProxy.Host": "proxy_host", "HttpProxy.Port": "proxy_port"}
FIX = Fix("waagent_conf", normalize=True)


def judge(state: LinuxState) -> Verdict:
    conf, extension = state.conf, state.conf.extension
    settings = conf.get("settings")
    if settings is None:
        return not_applicable("The agent cannot read the file either: conf_path judges that")
    proxied = [key for key in KEYS if settings[key].text is not None]
    effect = "it does not see the proxy" if proxied else "without a proxy nothing is lost"
    error = extension.error
    if error is not None and error.line is None:
        evidence = Evidence(extension.path, error.reason)
        why = f"The snapshot extension looks for {extension.path}, the agent for {conf.path}: {effect}"
        link = by_hand(f"Run `ln -s {conf.path} {extension.path}`: the extension looks nowhere else.")
        return warn(why, evidence, fix=link) if proxied else ok(evidence, why=why)
    if error is not None:
        why = f"One line makes the snapshot extension ignore waagent.conf: {effect}"
        evidence = Evidence(f"{extension.path}:{error.line}", error.reason)
        return warn(why, evidence, fix=FIX) if proxied else ok(evidence, why=why)
    if conf.path != extension.path:
        return ok(Evidence(extension.path, "read"))
    for key in proxied:
        if settings[key].text != extension[KEYS[key]]:
            other = extension.fact(KEYS[key])
            why = f"The snapshot extension reads another {key} than the agent"
            return warn(why, setting(state, key), other, fix=FIX)
    return ok(Evidence(extension.path, "read"))
