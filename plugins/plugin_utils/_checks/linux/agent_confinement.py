# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's service has the rights, files, network and resources of root.

Extensions inherit what systemd takes from the agent's service. A drop-in of a hardening guide can keep the agent from
writing its files or reaching the Azure host, and the snapshot extension from being executed or from freezing file
systems, while every command of an administrator, and a probe, works.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Source, Stage, Verdict, fail, ok, warn
from ..._facts._types import LinuxState
from .._fabric import wire_address
from ._agent import NO_SYSTEMD, has_reported, running, systemd_unit
from ._agent_key import key_error
from ._confinement import restrictions
from ._extension import failures
from ._pages import SYSTEMD_EXEC

CHECK = Check(
    title="systemd does not confine the agent's service",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("agent.unit", "agent.paths"),
    explained_by=("agent_installed",),
    explains=(
        "agent_service_running",
        "exthandler_running",
        "exthandler_stable",
        "wire_route",
        "wire_http_80",
        "hostga_tcp_32526",
        "provisioning_finished",
        "agent_goal_state",
        "agent_certificates",
        "openssl",
        "agent_status",
        "agent_reports_error",
        "agent_writes",
        "agent_activity",
        "lib_dir_exec",
        "handler_state",
        "ext_result",
        "fs_freezable",
        "mount_open",
    ),
    keeps_agent_down=True,
    sources=(
        SYSTEMD_EXEC,
        Source(
            "systemd.resource-control(5)",
            "https://www.freedesktop.org/software/systemd/man/latest/systemd.resource-control.html",
        ),
    ),
    advice="Remove the setting from the file, or override it with `systemctl edit`, run `systemctl daemon-reload` and"
    " restart the agent.",
)


def judge(state: LinuxState) -> Verdict:
    unit = systemd_unit(state)
    if unit is None:
        return NO_SYSTEMD
    mounts = [failure.mount for failure in failures(state)]
    primary = state.dhcp.get("primary") if "dhcp" in state else None
    interface = primary.interface if primary else None
    found = restrictions(unit.confinement, state.agent.paths, wire_address(state), interface, mounts)
    if not found:
        return ok(*[Evidence(f"{entry.origin}: {entry.name}", entry.value) for entry in unit.confinement])
    damaged = key_error(state) is not None
    works = has_reported(state) and not damaged
    # What stops the agent itself is not in force while it works; the rest shows only in a backup.
    stopped = damaged or running(state) is False
    in_force = [one for one in found if (one.proved or stopped) and not (works and one.noticed)]
    worst = (in_force or found)[0]
    evidence = [worst.evidence, *[one.evidence for one in found if one is not worst]]
    if in_force:
        return fail(worst.why, *evidence)
    return warn(worst.why + ("; the running agent works in spite of it" if works else ""), *evidence)
