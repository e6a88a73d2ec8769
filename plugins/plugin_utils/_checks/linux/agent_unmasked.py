# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's unit is not masked.

Nothing can start a masked unit, neither a reboot nor an administrator, so no backup is taken. Masking is often
deliberate hardening.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Fix, Stage, Verdict, ok
from ..._facts._types import LinuxState
from .._codes import NO_REPORT
from .._pages import TROUBLESHOOT_AGENT
from ._agent import NO_SYSTEMD, at_next_start, systemd_unit
from ._pages import SYSTEMCTL

CHECK = Check(
    aliases=("agent_masked",),
    title="The agent's unit is not masked",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("agent.unit",),
    explained_by=("agent_installed",),
    error_codes=NO_REPORT,
    keeps_agent_down=True,
    remedies=("waagent_service",),
    sources=(SYSTEMCTL, TROUBLESHOOT_AGENT),
    advice="Ask who masked it. Then run `systemctl unmask` and `systemctl enable --now` on walinuxagent (Ubuntu and"
    " Debian) or waagent (other distributions).",
)


def judge(state: LinuxState) -> Verdict:
    unit = systemd_unit(state)
    if unit is None:
        return NO_SYSTEMD
    if unit.load != "masked" and unit.get("enabled") not in ("masked", "masked-runtime"):
        return ok(unit.fact("load"))
    evidence = unit.fact("masked_by") if unit.get("masked_by") else unit.fact("load")
    fix = Fix("waagent_service", confirm=True, unmask=True, enabled=True)
    return at_next_start(state, "The agent's unit is masked", evidence, fix=fix)
