# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The certificate that protects the extension's settings exists and is valid.

Azure encrypts the protected settings of an extension for a certificate in the computer's personal store
("TenantEncryptionCert"), which the agent makes with a goal state and renews. Without it, after its time, or without
its private key the snapshot extension cannot read its command. That it is missing before the first backup, or after a
run that succeeded, is not a finding: the agent makes a new one.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, by_hand, fail, not_applicable, ok, warn
from ..._facts._types import WindowsState
from .._pages import TROUBLESHOOT_BACKUP
from . import _extension, _last_run, _times
from ._key_use import KEY_REFUSED, key_refused
from ._pages import EXTENSION_CERTIFICATES_WINDOWS

CHECK = Check(
    aliases=("win_tenant_cert",),
    title="The agent's certificate is present and valid",
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
    error_codes=(
        "ExtensionConfigParsingFailure",
        "GuestAgentCertificateNotFound",
    ),
    advice=(
        "Delete 'Windows Azure CRP Certificate Generator' from the computer's personal store (certlm.msc), if it is "
        "there, and run 'az vm reapply --resource-group <group> --name <vm>': the agent makes a new one."
    ),
    sources=(EXTENSION_CERTIFICATES_WINDOWS, TROUBLESHOOT_BACKUP),
)

PROOF = rf"{KEY_REFUSED}|certificate .*(not found|cannot be found)"
SET_CLOCK = "Correct the guest's clock: run 'w32tm /resync /force' and compare 'w32tm /query /status'."


def judge(state: WindowsState) -> Verdict:
    if state.agent.guest is None and not state.agent.certificates:
        return not_applicable("The agent has not run yet")
    found = [item for item in state.agent.certificates if _times.moment(item.not_after)]
    if not found:
        return _absent(state)
    newest = max(found, key=lambda item: str(item.not_before))
    now = _times.moment(state.captured)
    evidence = Evidence(
        r"certificate store LocalMachine\My: " + str(newest.get("friendly_name") or newest.get("subject")),
        {name: newest.get(name) for name in ("thumbprint", "not_before", "not_after", "has_private_key")},
    )
    first, last = _times.moment(newest.not_before), _times.moment(newest.not_after)
    if now and last and last < now:
        why = f"The agent's certificate expired at {newest.not_after}"
        return fail(why, evidence, key="The agent's certificate has expired")
    if now and first and first > now:
        why = f"By the guest's clock the agent's certificate is not valid before {newest.not_before}"
        return fail(why, evidence, key="The agent's certificate is not valid yet", fix=by_hand(SET_CLOCK))
    if not newest.has_private_key:
        return fail("The agent's certificate has no private key", evidence)
    return key_refused(state, evidence) or ok(evidence)


def _absent(state: WindowsState) -> Verdict:
    evidence = Evidence(r"certificate store LocalMachine\My", "no certificate of the agent")
    proof = _extension.told_since_success(state, PROOF)
    why = "The certificate that protects the extension's settings is missing"
    if proof:
        return fail(why, evidence, *proof)
    if _last_run.succeeded(state):
        return ok(evidence, why="The agent makes a new one with a goal state; the last run succeeded")
    if not state.extension.versions:
        return ok(evidence, why="No extension is installed yet that would need it")
    return warn(why, evidence)
