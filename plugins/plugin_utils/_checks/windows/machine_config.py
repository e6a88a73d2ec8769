# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""machine.config of the .NET Framework exists and is well-formed XML.

Every .NET program reads this file at its start. Where it is missing, empty or damaged, the agent exits at once with a
ConfigurationErrorsException, and so does the snapshot extension.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, fail, ok
from ..._facts._types import WindowsState
from ._advice import RESTART_AGENT
from ._pages import TROUBLESHOOT_AGENT_WINDOWS

PATH = r"C:\Windows\Microsoft.NET\Framework64\v4.0.30319\Config\machine.config"

CHECK = Check(
    aliases=("win_machine_config",),
    title="machine.config of the .NET Framework is intact",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("dotnet.machine_config",),
    keeps_agent_down=True,
    advice=f"Copy {PATH} from a VM with the same version of Windows and .NET, then run {RESTART_AGENT}.",
    sources=(TROUBLESHOOT_AGENT_WINDOWS,),
)


def judge(state: WindowsState) -> Verdict:
    config = state.dotnet.machine_config
    if config is None:
        return fail("machine.config does not exist: no .NET executable can start", Evidence(PATH, "absent"))
    evidence = Evidence(config.path, config.xml_error or f"{config.size} bytes of XML")
    if not config.size:
        return fail("machine.config is empty: no .NET executable can start", evidence)
    if config.xml_error:
        return fail("machine.config is not well-formed XML: no .NET executable can start", evidence)
    return ok(evidence)
