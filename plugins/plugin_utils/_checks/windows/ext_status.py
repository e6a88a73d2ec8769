# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The snapshot plugin's last run succeeded, and its registration fits what is installed."""

from __future__ import annotations

import re

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, not_applicable, ok, warn
from ..._engine._state import Facts, GuestState
from . import _signs

CHECK = Check(
    aliases=("win_plugin_state",),
    title="The snapshot plugin works",
    severity=WARNING,
    stage=Stage.STATUS,
    needs=("extension.versions", "extension.handler_state"),
    explained_by=(
        "guestagent_running",
        "tenant_cert",
        "iaasvmprovider",
        "msdtc",
        "vss_writers",
        "vss_provider",
        "bitlocker",
        "hostga_tcp_32526",
        "storage_https_443",
    ),
    error_codes=(
        "UserErrorVmProvisioningStateFailed",
        "ExtensionStuckInDeletionState",
    ),
    source="Microsoft, troubleshooting Azure VM backup; Microsoft support: how to uninstall the VMSnapshot extension",
)

LONG_MINUTES = 24 * 60


def judge(state: GuestState) -> Verdict:
    version = _signs.newest(state.extension.versions)
    registered = state.extension.handler_state
    stale = [item for item in registered if item.version not in {found.version for found in state.extension.versions}]
    if version is None and not registered:
        return not_applicable("The snapshot plugin is not installed: the first backup installs it")
    if version is None or (stale and len(stale) == len(registered)):
        return fail(
            "The agent has the snapshot plugin registered in a version that is not installed",
            *(item.fact("version") for item in stale),
            Evidence("installed versions", [item.version for item in state.extension.versions]),
        )
    return _of_status(state, version, version.status) or _of_handler(registered, version) or ok(*_evidence(version))


def _of_status(state: GuestState, version: Facts, status: Facts | None) -> Verdict | None:
    if status is None:
        return None
    if status.get("error"):
        return warn("The status of the plugin cannot be read", status.fact("error", status.path))
    if status.status == "error":
        name = re.match(r"\w*(Extension|UserError|Snapshot)\w+(?=:)", status.message or "")
        return fail(
            f"The last run of the snapshot plugin failed: {status.message or f'code {status.code}'}",
            *_evidence(version),
            key=name[0] if name else f"code {status.code}",
        )
    age = _signs.minutes_before_capture(state, status.get("time"))
    if status.status == "transitioning" and age is not None and age > LONG_MINUTES:
        return warn("The last run of the snapshot plugin never came to its end", *_evidence(version))
    if version.get("sequence") is not None and version.sequence > status.sequence:
        return warn(
            "The agent gave the plugin a command that it has not answered",
            version.fact("sequence", version.folder),
            status.fact("sequence", status.path),
        )
    return None


def _of_handler(registered: list[Facts], version: Facts) -> Verdict | None:
    for item in registered:
        if item.version == version.version and str(item.get("status")).lower() in ("notready", "error", "unresponsive"):
            return fail(
                f"The agent holds the snapshot plugin for {item.status}", item.fact("status"), item.fact("state")
            )
    heartbeat = version.get("heartbeat")
    if heartbeat is not None and str(heartbeat.get("status")).lower() == "notready":
        return warn("The snapshot plugin calls itself not ready", heartbeat.fact("status", version.folder))
    return None


def _evidence(version: Facts) -> list[Evidence]:
    status = version.status
    if status is None:
        return [Evidence(str(version.folder), "no status yet")]
    return [status.fact(name, status.path) for name in ("status", "code", "message", "time")]
