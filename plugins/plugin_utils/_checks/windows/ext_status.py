# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last run of the snapshot extension succeeded, and the agent's registration fits what is installed.

What failed in the last run fails in the next one as well, unless its cause has gone. The extension writes its own
status file; the agent keeps a registration (HandlerState) and reports the handler's state. A registration of a version
that is not on the disk stops every later command, and one that says disabled is what a removal leaves that did not end.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Source, Stage, Verdict, not_applicable, ok
from ..._facts._types import WindowsState
from .._pages import TROUBLESHOOT_BACKUP
from .._versions import newest
from ._handler import not_ready, stale_registration
from ._needed import need
from ._pages import REINSTALL_EXTENSION_WINDOWS
from ._run_rules import failed, status_shown, unfinished

CHECK = Check(
    aliases=("win_plugin_state",),
    title="The snapshot extension's last run succeeded",
    severity=WARNING,
    stage=Stage.STATUS,
    needs=("extension.versions", "extension.handler_state"),
    explained_by=(
        "guestagent_running",
        "plugin_files",
        "plugin_assemblies",
        "tenant_cert",
        "iaasvmprovider",
        "msdtc",
        "vss_writers",
        "vss_provider",
        "bitlocker",
        "hostga_tcp_32526",
        "storage_https_443",
        "av_exclusion",
    ),
    error_codes=(
        "UserErrorVmProvisioningStateFailed",
        "ExtensionStuckInDeletionState",
        "ExtensionInstallationFailure",
        "ExtensionOperationFailed",
    ),
    remedies=("win_snapshot_extension",),
    advice=(
        r"Find the error in C:\WindowsAzure\Logs\Plugins\Microsoft.Azure.RecoveryServices.VMSnapshot\<version> and on "
        "the troubleshooting page, fix its cause and start a backup."
    ),
    sources=(
        TROUBLESHOOT_BACKUP,
        REINSTALL_EXTENSION_WINDOWS,
        Source(
            "VM Snapshot Windows extension for Azure Backup",
            "https://learn.microsoft.com/azure/virtual-machines/extensions/vmsnapshot-windows",
        ),
    ),
)


def judge(state: WindowsState) -> Verdict:
    version = newest(state.extension.versions)
    stale = stale_registration(state)
    if stale:
        return stale
    if version is None:
        return not_applicable("The snapshot extension is not installed: the first backup installs it")
    found = failed(state, version) or not_ready(state, version) or unfinished(state, version)
    if found is None and state.agent.aggregate is not None:
        need(state, "agent.aggregate.handlers")
    return found or ok(*status_shown(version))
