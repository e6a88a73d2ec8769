# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent can decrypt the certificates that Azure sends it.

The settings of a backup command are encrypted for a certificate of the goal state. Newer versions of OpenSSL 3 leave
the old file in place when decryption fails, and older agents then continue with old certificates: the extension does
not find the one that its settings name.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Source, Stage, Verdict, by_hand, fail, not_applicable, ok
from ..._facts._types import LinuxState
from ..._knowledge import rows
from .._pages import agent_issue
from .._versions import version
from ._agent import agent_version
from ._agent_key import key_lost
from ._agent_log import logged

CHECK = Check(
    title="The agent decrypts its certificates",
    severity=CRITICAL,
    stage=Stage.GOAL_STATE,
    needs=("agent.log",),
    explained_by=(
        "agent_installed",
        "disk_space",
        "openssl",
    ),
    error_codes=("GuestAgentCertificateNotFound",),
    remedies=("waagent_service",),
    sources=(
        agent_issue(3163, "old certificates are used after decryption failed"),
        agent_issue(3197, "temporary certificate files are removed when decryption fails"),
        Source(
            "FIPS 140-3 support for Azure Linux VM extensions and guest agent",
            "https://learn.microsoft.com/azure/virtual-machines/extensions/agent-linux-fips",
        ),
    ),
    advice="Update the agent. Then stop it, move Certificates.p7m and Certificates.pem out of /var/lib/waagent, and"
    " start it: it fetches the certificates again.",
)

OTHER_KEY = by_hand(
    "Run the command of the log line by hand to see why it fails. Agents need RSA keys: give the VM's certificates in"
    " Key Vault such keys, or update the agent."
)


def judge(state: LinuxState) -> Verdict:
    lost = key_lost(state)
    if lost:
        return lost
    log = state.agent.log
    if log is None:
        return not_applicable("The agent has no log")
    unreadable = logged(state, "key_unreadable")
    if unreadable:
        why = "openssl cannot read a private key of the VM's certificates for the agent"
        return fail(why, unreadable, fix=OTHER_KEY)
    line = logged(state, "certificates_undecryptable")
    if line is None:
        return ok(log.fact("size"))
    why = "The agent cannot decrypt the certificates of its goal state and continues with old ones"
    fips = state.get("security", {}).get("fips")
    if fips and fips.enabled:
        return fail(f"{why}: the guest enforces FIPS", line, fips.fact("enabled"), fix=by_hand(_allow_fips(state)))
    return fail(why, line)


def _allow_fips(state: LinuxState) -> str:
    needed = next(row["first"] for row in rows("versions") if row.get("feature") == "fips_140_3")
    runs = agent_version(state)
    update = "" if runs and runs >= version(needed) else f"Update the agent to {needed} or later. "
    return (
        f"{update}Set additionalCapabilities.enableFips1403Encryption to true on the VM in Azure, then deallocate and"
        " start the VM."
    )
