# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
r"""Windows starts the executables of the agent and the snapshot extension, and finds its own.

The agent starts the extension by command files. They find the executables of Windows by the machine's Path, and ComSpec
names what runs them. A debugger below Image File Execution Options is started in place of the executable it is set for,
which hardening and remains of other products use to stop one.
"""

from __future__ import annotations

import re

from ..._engine._model import WARNING, Check, Evidence, Source, Stage, Verdict, by_hand, fail, not_applicable, ok, warn
from ..._engine._state import Facts
from ..._facts._types import WindowsState
from .._codes import NO_STATUS

_LEARN = "https://learn.microsoft.com"

CHECK = Check(
    title="Windows starts the commands of the agent and the extension",
    severity=WARNING,
    stage=Stage.AGENT,
    explains=("rdagent_running", "guestagent_running", "iaasvmprovider", "ext_status"),
    error_codes=NO_STATUS,
    keeps_agent_down=True,
    advice=(
        r"Correct HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Environment: Path (REG_EXPAND_SZ) needs "
        r"%SystemRoot%\system32, ComSpec is %SystemRoot%\system32\cmd.exe. Then reboot the VM."
    ),
    sources=(
        Source(
            "Image File Execution Options",
            f"{_LEARN}/windows-hardware/drivers/debugger/xperf/image-file-execution-options",
        ),
        Source("Environment variables", f"{_LEARN}/windows/win32/procthread/environment-variables"),
    ),
)

_CMD = re.compile(r'(?:^|[\\/"])cmd\.exe"?\s*$', re.IGNORECASE)
SERVICES = {"waappagent.exe": "RdAgent", "windowsazureguestagent.exe": "WindowsAzureGuestAgent"}
"""Executables of the agent and their services."""


def judge(state: WindowsState) -> Verdict:
    commands = state.security.get("commands")
    state.need_if_asked("security.commands")
    if commands is None:
        return not_applicable("An older probe read this state")
    replaced = sorted(commands.debuggers)
    if replaced:
        return _replaced(state, commands, replaced)
    if commands.path is not None and not commands.finds_system:
        return warn(r"Path of the machine does not lead to System32 of Windows", commands.fact("path"))
    if commands.comspec is not None and not _CMD.search(commands.comspec):
        return warn(f"Command files are run by {commands.comspec}, not by cmd.exe", commands.fact("comspec"))
    return ok(commands.fact("finds_system"), commands.fact("comspec"))


def _replaced(state: WindowsState, commands: Facts, names: list[str]) -> Verdict:
    """The verdict on debuggers. A service that runs was started before: it fails when it is started again."""
    key = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Image File Execution Options"
    services = [state.services.get(SERVICES.get(name.lower(), "")) for name in names]
    running = all(service is not None and service.get("state") == "Running" for service in services)
    return (warn if running else fail)(
        f"Windows starts something else in place of {' and '.join(names)}",
        *(Evidence(rf"{key}\{name}: Debugger", commands.debuggers[name]) for name in names),
        fix=by_hand(f"Delete the value Debugger below '{key}\\{names[0]}', and find out what set it."),
    )
