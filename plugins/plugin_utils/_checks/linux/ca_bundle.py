# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's Python can verify HTTPS.

The agent downloads extensions over HTTPS. Where its Python finds no certificates of authorities, or a device on the way
replaces certificates, every such request fails while the wire server, which speaks HTTP, answers. Only the way through
the host plugin is left then.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, by_hand, fail, ok, warn
from ..._facts._types import LinuxState
from .._pages import agent_issue
from ._agent_log import logged
from ._pages import EXTENSIONS_LINUX

CHECK = Check(
    title="The agent can verify HTTPS",
    severity=WARNING,
    stage=Stage.STORAGE,
    needs=("agent",),
    explained_by=("clock_skew",),
    sources=(agent_issue(2835, "CERTIFICATE_VERIFY_FAILED on every HTTPS request"), EXTENSIONS_LINUX),
    advice="Exempt *.blob.core.windows.net from TLS inspection on the proxy or firewall, or add the certificate of its"
    " authority to the system (`update-ca-certificates` on Debian and Ubuntu, `update-ca-trust` on Red Hat).",
)

VARIABLES = {"file": "SSL_CERT_FILE", "directory": "SSL_CERT_DIR"}


def judge(state: LinuxState) -> Verdict:
    line = logged(state, "https_unverified")
    if line and "ca" not in state.agent:
        return warn("The agent could not verify an HTTPS server", line)
    store = state.agent.ca
    also = [line] if line else []
    trouble = fail if line else warn
    for name, variable in VARIABLES.items():
        named = store.get(name)
        if named and not named.exists:
            return trouble(
                f"{variable} of the agent's service names {named.path}, which does not exist",
                Evidence(f"the unit's environment: certificate {name}", named.path),
                *also,
                key=f"{variable} names a certificate store that does not exist",
                fix=by_hand(f"Remove {variable} from the agent's unit or correct it, and restart the agent."),
            )
    if not store.bundles and not store.directories:
        return trouble(
            "The system holds no certificates of authorities: no HTTPS request can be verified",
            store.fact("bundles"),
            *also,
            fix=by_hand("Install or reinstall the package ca-certificates, then restart the agent."),
        )
    if line:
        return warn("The agent could not verify an HTTPS server: something on the way may replace certificates", line)
    return ok(store.fact("bundles"))
