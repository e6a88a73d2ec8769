# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""machine.config of the .NET Framework and the agent's own configuration files are well-formed XML.

Every .NET program reads machine.config at its start, and NAME.exe.config next to its executable, if there is one. Where
one of them is empty or damaged, the agent exits at once with a ConfigurationErrorsException. For machine.config, which
also must exist, so does the snapshot extension.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, by_hand, fail, ok, warn
from ..._facts._types import WindowsState
from ._advice import RESTART_AGENT
from ._pages import TROUBLESHOOT_AGENT_WINDOWS

PATH = r"C:\Windows\Microsoft.NET\Framework64\v4.0.30319\Config\machine.config"

CHECK = Check(
    aliases=("win_machine_config",),
    title="The configuration that .NET reads for the agent is intact",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("dotnet.machine_config",),
    explains=("rdagent_running", "guestagent_running"),
    keeps_agent_down=True,
    advice=f"Copy {PATH} from a VM with the same version of Windows and .NET, then run {RESTART_AGENT}.",
    sources=(TROUBLESHOOT_AGENT_WINDOWS,),
)

REPLACE = f"Copy {{}} from a VM with the same version of the agent, or correct it; then run {RESTART_AGENT}."


def judge(state: WindowsState) -> Verdict:
    config = state.dotnet.machine_config
    if config is None:
        return fail("machine.config does not exist: no .NET executable can start", Evidence(PATH, "absent"))
    evidence = Evidence(config.path, config.xml_error or f"{config.size} bytes of XML")
    if not config.size:
        return fail("machine.config is empty: no .NET executable can start", evidence)
    if config.xml_error:
        return fail("machine.config is not well-formed XML: no .NET executable can start", evidence)
    for own in state.dotnet.get("agent_configs", []):
        if own.xml_error:
            service = state.services.get(own.service)
            works = service is not None and service.get("state") == "Running"
            why = f"The configuration of the executable of the service {own.service} is not well-formed XML"
            damaged = Evidence(own.path, own.xml_error)
            return (warn if works else fail)(why, damaged, fix=by_hand(REPLACE.format(own.path)))
    return ok(evidence)
