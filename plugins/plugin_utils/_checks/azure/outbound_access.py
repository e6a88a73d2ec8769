# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backup of today needs no way out: security groups and routes do not apply to 168.63.129.16, and the Azure host
takes the snapshot. An agent below the supported minimum takes it on the guest's own path, which leads to Azure
Storage."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, ok, warn
from ..._facts._types import AzureState
from .._pages import FABRIC_ADDRESS, PREPARE
from .._versions import version
from ._outbound import closed, detours
from ._pages import SECURITY_GROUPS

CHECK = Check(
    title="The network lets through what this machine's backup needs",
    severity=WARNING,
    stage=Stage.MACHINE,
    needs=("network", "agent"),
    error_codes=("ExtensionSnapshotFailedNoNetwork",),
    sources=(PREPARE, FABRIC_ADDRESS, SECURITY_GROUPS),
    advice="Update the agent in the guest: backups then need no way out. Until then allow outbound TCP 443 to the"
    " service tag Storage of the region.",
)

NOT_NEEDED = "The way out is closed or leads elsewhere: this machine's backup does not need it"


def judge(state: AzureState) -> Verdict:
    shut = [*closed(state), *detours(state)]
    agent = state.agent
    if not shut or agent is None or not version(agent.version):
        return ok(*shut, why=NOT_NEEDED if shut else "")
    windows = state.vm.os_type == "Windows"
    wanted = state.want.min_windows_agent_version if windows else state.want.min_agent_version
    if version(agent.version) < version(wanted):
        return warn(
            f"The agent {agent.version} is older than {wanted}, and the way to Azure Storage is closed or a detour",
            agent.fact("version"),
            *shut,
        )
    return ok(*shut, why=NOT_NEEDED)
