# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's Python finds authorities to verify HTTPS with."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, ok, warn
from ..._engine._state import GuestState
from ._agent import logged

CHECK = Check(
    title="The agent can verify HTTPS",
    severity=WARNING,
    stage=Stage.STORAGE,
    needs=("agent",),
    explained_by=("clock_skew",),
    source="WALinuxAgent issue 2835: every HTTPS request fails to verify while the wire server answers",
)


def judge(state: GuestState) -> Verdict:
    line = logged(state, "https_unverified")
    if line and "ca" not in state.agent:
        return warn("The agent could not verify an HTTPS server", line)
    store = state.agent.ca
    also = [line] if line else []
    for name in ("file", "directory"):
        named = store.get(name)
        if named and not named.exists:
            why = "The agent's service names a certificate store that does not exist"
            return (fail if line else warn)(
                why, Evidence(f"the unit's environment: certificate {name}", named.path), *also
            )
    if not store.bundles and not store.directories:
        why = "The system holds no certificates of authorities: no HTTPS request can be verified"
        return (fail if line else warn)(why, store.fact("bundles"), *also)
    if line:
        return warn("The agent could not verify an HTTPS server: something on the way may replace certificates", line)
    return ok(store.fact("bundles"))
