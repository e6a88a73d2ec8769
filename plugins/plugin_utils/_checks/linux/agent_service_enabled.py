# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's service starts at boot.

After the next reboot a disabled service leaves the VM without an agent, and its backups fail until someone starts it.
Whole words count: ``enabled-runtime`` is gone at the next boot. Where there is no systemd, the links of the start
scripts and the runlevels say it.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Fix, Stage, Verdict, fail, not_applicable, ok, unknown, warn
from ..._facts._types import LinuxState
from .._codes import NO_REPORT
from .._pages import TROUBLESHOOT_AGENT
from ._agent import running
from ._pages import SYSTEMCTL

CHECK = Check(
    title="The agent starts at boot",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("agent.unit",),
    explained_by=(
        "agent_unit",
        "agent_unmasked",
    ),
    error_codes=NO_REPORT,
    remedies=("waagent_service",),
    sources=(SYSTEMCTL, TROUBLESHOOT_AGENT),
    advice="Run `systemctl enable --now walinuxagent` on Ubuntu and Debian, `systemctl enable --now waagent` on other"
    " distributions.",
)

GOOD = ("enabled", "alias", "generated", "indirect", "linked", "static")
FIX = Fix("waagent_service", enabled=True)


def judge(state: LinuxState) -> Verdict:
    unit = state.agent.unit
    if unit is None:
        return not_applicable("The agent has no service")
    word = unit.enabled
    if word in ("masked", "masked-runtime"):
        return not_applicable("The unit is masked")
    if word in GOOD:
        return ok(unit.fact("enabled"))
    if word in ("enabled-runtime", "linked-runtime"):
        return warn("The agent's service is enabled only until the next boot", unit.fact("enabled"), fix=FIX)
    if word != "disabled":
        return unknown(f"The service manager calls the unit '{word}'", unit.fact("enabled"))
    if running(state):
        return warn(
            "The agent's service is disabled: it runs now and will not start at the next boot",
            unit.fact("enabled"),
            fix=FIX,
        )
    return fail("The agent's service is disabled", unit.fact("enabled"), fix=FIX)
