# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""machine.config of .NET is there and readable."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, fail, ok
from ..._engine._state import GuestState

CHECK = Check(
    aliases=("win_machine_config",),
    title="machine.config is intact",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("dotnet.machine_config",),
    keeps_agent_down=True,
    source="Microsoft, troubleshooting the Windows Azure guest agent: ConfigurationErrorsException",
)


def judge(state: GuestState) -> Verdict:
    config = state.dotnet.machine_config
    if config is None:
        return fail("machine.config of .NET does not exist: no .NET program starts")
    evidence = Evidence(config.path, config.xml_error or f"{config.size} bytes of XML")
    if not config.size:
        return fail("machine.config of .NET is empty: no .NET program starts", evidence)
    if config.xml_error:
        return fail("machine.config of .NET is no well-formed XML: no .NET program starts", evidence)
    return ok(evidence)
