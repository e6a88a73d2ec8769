# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last run of the snapshot extension succeeded, and the agent's registration fits what is installed.

What failed in the last run fails in the next one as well, unless its cause has gone. The extension writes its own
status file; the agent keeps a registration (HandlerState) and reports the handler's state. A registration of a version
that is not on the disk stops every later command, and one that says disabled is what a removal leaves that did not end.
"""

from __future__ import annotations

import re

from ....module_utils._guest.handlers import COMMAND_LIMIT_S
from ..._engine._model import WARNING, Check, Evidence, Source, Stage, Verdict, fail, not_applicable, ok, warn
from ..._engine._state import Facts
from ..._facts._types import WindowsState
from .._clock import iso
from .._pages import TROUBLESHOOT_BACKUP
from .._versions import newest
from . import _signs
from ._agents_report import reported
from ._extension import refused_by_host
from ._handler import not_ready, stale_registration
from ._pages import REINSTALL_EXTENSION_WINDOWS
from ._set_off import set_off

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

COMMAND_MINUTES = COMMAND_LIMIT_S // 60
INTERRUPTED_MINUTES = 24 * 60
"""A run that a reboot interrupted is only odd when the next one is overdue."""


def judge(state: WindowsState) -> Verdict:
    version = newest(state.extension.versions)
    stale = stale_registration(state)
    if stale:
        return stale
    if version is None:
        return not_applicable("The snapshot extension is not installed: the first backup installs it")
    found = _failed(state, version) or not_ready(state, version) or _unfinished(state, version)
    if found is None and state.agent.aggregate is not None:
        _signs.need(state, "agent.aggregate.handlers")
    return found or ok(*_evidence(version))


def _failed(state: WindowsState, version: Facts) -> Verdict | None:
    status, told = version.status, reported(state)
    if told is not None:
        why = f"The last run of the snapshot extension failed: {told.get('result_message') or 'no reason given'}"
        return fail(why, told.fact("result", "the agent's report"), told.fact("result_message"), key="no status")
    if status is None:
        return None
    if status.get("error"):
        return warn("The snapshot extension's status file cannot be read", status.fact("error", status.path))
    if status.status == "error":
        name = re.match(r"\w*(Extension|UserError|Snapshot)\w+(?=:)", status.message or "")
        host = refused_by_host(state)
        return (warn if host else fail)(
            f"The last run of the snapshot extension failed: {status.message or f'code {status.code}'}",
            *_evidence(version),
            *set_off(state, status.get("time")),
            key=name[0] if name else f"code {status.code}",
            since=iso(then) if (then := _signs.moment(status.get("time"))) else None,
        )
    return None


def _unfinished(state: WindowsState, version: Facts) -> Verdict | None:
    status = version.status
    if status is None or status.get("error"):
        return None
    age = _signs.minutes_before_capture(state, status.get("time"))
    up = _signs.minutes_before_capture(state, state.get("identity", {}).get("boot_time"))
    limit = COMMAND_MINUTES if age is None or up is None or age < up else INTERRUPTED_MINUTES
    if status.status == "transitioning" and age is not None and age > limit:
        return warn("The last run of the snapshot extension never finished", *_evidence(version))
    if version.get("sequence") is not None and version.sequence > status.sequence:
        return warn(
            f"The snapshot extension has not answered the agent's command {version.sequence}",
            version.fact("sequence", version.folder),
            status.fact("sequence", status.path),
            key="The snapshot extension has not answered the agent's last command",
        )
    return None


def _evidence(version: Facts) -> list[Evidence]:
    status = version.status
    if status is None:
        return [Evidence(str(version.folder), "no status yet")]
    return [status.fact(name, status.path) for name in ("status", "code", "message", "time")]
