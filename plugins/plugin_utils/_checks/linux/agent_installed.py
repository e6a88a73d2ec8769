# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's executable and its Python package are on the system.

VM backup has no other way into a guest: without the agent no extension is installed, and no file-system consistent
snapshot is taken. Supported installations come from the distribution's packages, not from a checkout of the source.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Fix, Stage, Verdict, by_hand, fail, ok
from ..._facts._types import LinuxState
from .._codes import NO_REPORT
from .._pages import TROUBLESHOOT_BACKUP, agent_file
from ._agent import running
from ._pages import AGENT_LINUX, UPDATE_AGENT_LINUX

PACKAGES = (
    "walinuxagent on Ubuntu, waagent on Debian, WALinuxAgent on Red Hat and its relatives, python-azure-agent on SUSE"
)

CHECK = Check(
    title="The agent is installed",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("agent.binary",),
    error_codes=(*NO_REPORT, "UserErrorVmNotInDesirableState", "VmNotInDesirableState", "AzureVmOffline"),
    keeps_agent_down=True,
    remedies=("agent_version",),
    sources=(AGENT_LINUX, UPDATE_AGENT_LINUX, TROUBLESHOOT_BACKUP, agent_file("setup.py")),
    advice=f"Install the agent's package from the distribution's repository ({PACKAGES}), then enable and start its"
    " service.",
)

PLACES = "/usr/sbin, /usr/bin, /usr/local/sbin, /usr/share/oem/bin"


def judge(state: LinuxState) -> Verdict:
    binary = state.agent.binary
    if running(state):
        daemon, unit = state.agent.get("daemon"), state.agent.get("unit")
        return ok(daemon.fact("command") if daemon else unit.fact("active"))
    if binary is None:
        removed = _removed_package(state)
        why = "The Azure Linux agent was removed" if removed else "The Azure Linux agent is not installed"
        absent = Evidence(f"waagent in {PLACES}", "absent")
        fix = Fix("agent_version", state="present", minimum=state.want.min_agent_version)
        return fail(why, absent, *removed, fix=fix)
    if not binary.executable and not _started_by_python(state):
        return fail(
            f"The agent's executable has mode {binary.mode} and cannot be executed",
            binary.fact("mode"),
            key="The agent's executable cannot be executed",
            fix=by_hand(f"Run `chmod 0755 {binary.path}`, then start the agent's service."),
        )
    python = state.agent.get("interpreter")
    modules = state.agent.get("modules")
    if python and python.exists and modules == [] and (python.get("imports") is False or not state.live):
        return fail(
            "The agent's executable is installed, and its Python package azurelinuxagent is missing",
            Evidence("azurelinuxagent in the Python directories", "absent"),
            *([python.fact("error")] if "error" in python else []),
            fix=by_hand(f"Reinstall the agent's package ({PACKAGES}): a part of it is missing."),
        )
    return ok(binary.fact("path"))


def _removed_package(state: LinuxState) -> tuple[Evidence, ...]:
    package = state.agent.get("package")
    if package and "installed" not in (package.status or "").split():
        return (package.fact("status"),)
    return ()


def _started_by_python(state: LinuxState) -> bool:
    unit = state.agent.get("unit")
    command = unit and unit.get("exec")
    return bool(command) and "python" in command[0]
