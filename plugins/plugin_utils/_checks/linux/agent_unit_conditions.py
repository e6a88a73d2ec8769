# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The conditions of the agent's unit hold.

When one of them does not, systemd skips the start without an error, ``systemctl start`` returns 0, and ``Restart=``
does not apply: the agent is down, backups fail, and nothing is logged. Upstream's units require the configuration file
and the executable; Debian's requires a virtual machine of Microsoft's hypervisor.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, ok
from ..._engine._state import Facts
from ..._facts._types import LinuxState
from .._codes import NO_REPORT
from .._pages import agent_file
from ._agent import NO_SYSTEMD, at_next_start, running, systemd_unit
from ._pages import SYSTEMD_UNIT

CHECK = Check(
    title="The start conditions of the agent's unit hold",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("agent.unit",),
    explained_by=("conf_path",),
    error_codes=NO_REPORT,
    keeps_agent_down=True,
    sources=(SYSTEMD_UNIT, agent_file("init/ubuntu/walinuxagent.service"), agent_file("init/redhat/waagent.service")),
    advice="Make the condition true: restore the file that it names from the agent's package, or run `chmod 0755` on"
    " the executable. Remove a condition that cannot hold here with `systemctl edit`, then start the agent.",
)


def judge(state: LinuxState) -> Verdict:
    unit = systemd_unit(state)
    if unit is None:
        return NO_SYSTEMD
    unmet = [condition for condition in unit.conditions if condition.holds is False]
    result = unit.get("condition_result")
    if not unmet and result is False and not running(state):
        # The manager says so; the condition is one that the probe cannot judge, or it held again when it looked.
        unmet = [condition for condition in unit.conditions if condition.holds is None]
    if not unmet or (result and _of_the_machine(unmet)):
        return ok(*(Evidence(entry.origin, f"{entry.name}={entry.value}") for entry in unit.conditions))
    names = ", ".join(f"{entry.name}={entry.value}" for entry in unmet)
    evidence = [Evidence(f"{entry.origin}: {entry.name}={entry.value}", entry.found) for entry in unmet]
    silently = all(entry.name.startswith("Condition") for entry in unmet)
    start = "skips the start of the agent without an error" if silently else "refuses to start the agent"
    return at_next_start(state, f"systemd {start}: {names} does not hold", *evidence)


def _of_the_machine(unmet: Iterable[Facts]) -> bool:
    """The manager found true what the probe could not see: its own look at the machine is the better one."""
    return all(entry.name == "ConditionVirtualization" for entry in unmet)
