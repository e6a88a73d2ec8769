# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The certificate that protects the plugin's settings is there and valid."""

from __future__ import annotations

import re

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, fail, not_applicable, ok, warn
from ..._engine._state import GuestState
from . import _signs

CHECK = Check(
    aliases=("win_tenant_cert",),
    title="The certificate of the agent is valid",
    severity=CRITICAL,
    stage=Stage.GOAL_STATE,
    needs=("agent.certificates", "agent.guest"),
    explained_by=(
        "machinekeys_acl",
        "crypto_dirs_acl",
        "keyiso",
        "clock_skew",
        "agent_installed",
    ),
    error_codes=("ExtensionConfigParsingFailure",),
    source="Microsoft, extension certificate issues on Windows VMs",
)

PROOF = r"FailedToDecryptProtectedSettings|Keyset does not exist|certificate .*(not found|cannot be found)"


def judge(state: GuestState) -> Verdict:
    if state.agent.guest is None and not state.agent.certificates:
        return not_applicable("The agent has not run yet")
    found = [item for item in state.agent.certificates if _signs.moment(item.not_after)]
    if not found:
        return _absent(state)
    newest = max(found, key=lambda item: str(item.not_before))
    now = _signs.moment(state.captured)
    evidence = Evidence(
        r"certificate store LocalMachine\My: " + str(newest.get("friendly_name") or newest.get("subject")),
        {name: newest.get(name) for name in ("thumbprint", "not_before", "not_after", "has_private_key")},
    )
    if now and _signs.moment(newest.not_after) < now:
        return fail("The certificate of the agent has expired", evidence)
    if now and _signs.moment(newest.not_before) > now:
        return fail("The certificate of the agent is not valid yet: compare the guest's clock", evidence)
    if not newest.has_private_key:
        return fail("The certificate of the agent has no private key", evidence)
    return ok(evidence)


def _absent(state: GuestState) -> Verdict:
    evidence = Evidence(r"certificate store LocalMachine\My", "no certificate of the agent")
    proof = _signs.in_agent_log(state, PROOF)
    if proof or re.search(PROOF, _signs.plugin_message(state)):
        return fail("The certificate that protects the plugin's settings is missing", evidence, *proof)
    if _signs.last_run_succeeded(state):
        return ok(evidence, why="The agent makes it anew with a goal state; the last run succeeded")
    extension = state.get("extension")
    if extension is None or not extension.get("versions"):
        return ok(evidence, why="No plugin is installed yet that would need it")
    return warn("The certificate that protects the plugin's settings is missing", evidence)
