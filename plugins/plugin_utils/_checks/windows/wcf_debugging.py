# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""WCF debugging is off in machine.config.

Visual Studio registers a debugging sink (ServiceModelSink) for WCF in machine.config. The agent uses WCF and exits
with a ConfigurationErrorsException where the sink's library is not in the global assembly cache. An agent that is
ready without the library is a warning, for it may not start again.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, fail, not_applicable, ok, warn
from ..._facts._types import WindowsState
from ._advice import RESTART_AGENT
from ._pages import TROUBLESHOOT_AGENT_WINDOWS, VM_ASSIST_WINDOWS

CHECK = Check(
    aliases=("win_wcf_debugging",),
    title="WCF debugging is off",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("dotnet.machine_config",),
    explained_by=("machine_config",),
    keeps_agent_down=True,
    advice=(
        r"Copy C:\Windows\Microsoft.NET\Framework64\v4.0.30319\Config\machine.config, remove the add element and the "
        f"commonBehaviors that name ServiceModelSink from it, and run {RESTART_AGENT}."
    ),
    sources=(TROUBLESHOOT_AGENT_WINDOWS, VM_ASSIST_WINDOWS),
)

LIBRARY = "Microsoft.VisualStudio.Diagnostics.ServiceModelSink"


def judge(state: WindowsState) -> Verdict:
    config = state.dotnet.machine_config
    if config is None:
        return not_applicable("machine.config does not exist")
    evidence = Evidence(f"{config.path}: ServiceModelSink", config.wcf_debugging)
    if not config.wcf_debugging:
        return ok(evidence)
    if not _works(state):
        return fail("machine.config registers ServiceModelSink, which makes the agent exit", evidence)
    extension = state.get("extension")
    assemblies = (extension.get("shared_assemblies") if extension is not None else None) or []
    library = [one for one in assemblies if one.name == LIBRARY]
    if library:
        return ok(evidence, library[0].fact("version"), why="The library of ServiceModelSink is installed")
    return warn("machine.config registers ServiceModelSink, and without its library the agent exits", evidence)


def _works(state: WindowsState) -> bool:
    service = state.get("services", {}).get("WindowsAzureGuestAgent")
    status = state.get("agent", {}).get("aggregate")
    running = service is not None and service.state == "Running"
    return running and (status is None or str(status.get("status")).lower() == "ready")
