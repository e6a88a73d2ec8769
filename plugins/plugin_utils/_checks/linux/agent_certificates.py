# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent can decrypt the certificates that the platform sends it."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Stage, Verdict, fail, not_applicable, ok
from ..._engine._state import GuestState
from ._agent import logged

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
    source="WALinuxAgent issue 3163: openssl 3 leaves the old file when it fails, and the agent goes on with that",
)


def judge(state: GuestState) -> Verdict:
    log = state.agent.log
    if log is None:
        return not_applicable("The agent has no log")
    line = logged(state, "certificates_undecryptable")
    if line is None:
        return ok(log.fact("size"))
    also = []
    fips = state.get("security", {}).get("fips")
    if fips and fips.enabled:
        also.append(fips.fact("enabled"))
    return fail("The agent cannot decrypt the certificates of its goal state and goes on with old ones", line, *also)
