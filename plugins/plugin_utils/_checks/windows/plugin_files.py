# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of the snapshot extension are complete.

The agent starts the extension by its manifest. Virus scanners and programs that clean disks take files away from the
folder; the agent then cannot start the extension, and its newest command stays without an answer. A file that is not
there counts where the agent could not start the extension: a run that ended had what it needed.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Source, Stage, Verdict, fail, not_applicable, ok, warn
from ..._engine._state import Facts
from ..._facts._types import WindowsState
from .. import _messages
from .._pages import TROUBLESHOOT_BACKUP
from .._versions import newest
from . import _agents_report

CHECK = Check(
    title="The files of the snapshot extension are complete",
    severity=WARNING,
    stage=Stage.HANDLER,
    needs=("extension.versions",),
    explained_by=("av_exclusion", "disk_space"),
    error_codes=("ExtensionOperationFailed",),
    advice=(
        r"Exclude C:\Packages and C:\WindowsAzure from whatever deletes files there. Then run 'Remove-AzVMExtension "
        "-ResourceGroupName <group> -VMName <vm> -Name VMSnapshot' and start a backup, which installs it anew."
    ),
    sources=(
        TROUBLESHOOT_BACKUP,
        Source(
            "Azure Backup: ExtensionOperationFailed",
            "https://github.com/TheresaLui/SelfHelpContent_v2/blob/main/articles/microsoft.recoveryservices/azurebackup-crc-extensionoperationfailed.md",
        ),
    ),
)


def judge(state: WindowsState) -> Verdict:
    version = newest(state.extension.versions)
    if version is None:
        return not_applicable("The snapshot extension is not installed: the first backup installs it")
    manifest = version.manifest
    evidence = [Evidence(f"{version.folder}: {name}", value) for name, value in _faults(version, manifest)]
    if evidence and not _ran(version) and (_not_started(state, version) or _unanswered(version)):
        return fail(
            "Files of the snapshot extension are missing or damaged, and the agent could not start it", *evidence
        )
    environment = version.get("environment")
    if environment is not None and (environment.error or environment.absent):
        why = "HandlerEnvironment.json of the snapshot extension cannot be read, or names folders that do not exist"
        return warn(why, Evidence(environment.origin, environment.error or environment.absent))
    if version.executable and (manifest is None or manifest.error):
        wrong = "is missing" if manifest is None else "cannot be read"
        return warn(f"The manifest of the snapshot extension {wrong}", *evidence)
    return ok(Evidence(str(version.folder), "complete" if not evidence else "the last run had what it needed"))


def _faults(version: Facts, manifest: Facts | None) -> list[tuple[str, object]]:
    if manifest is None:
        return [("HandlerManifest.json", "does not exist")]
    found: list[tuple[str, object]] = [("not there", manifest.absent)] if manifest.absent else []
    return found + ([("HandlerManifest.json", manifest.error)] if manifest.error else [])


def _ran(version: Facts) -> bool:
    """The extension itself wrote down how its newest command failed."""
    return version.status is not None and version.status.get("status") == "error"


def _not_started(state: WindowsState, version: Facts) -> bool:
    """The agent reports it as not ready, and its message names no other reason."""
    held = _agents_report.held(state, version.get("status"), version.get("version"))
    if held is None:
        return False
    named = [row.cause for row in _messages.rows_for(str(held.get("message") or ""), held.get("code"))]
    return not named or "plugin_files" in named


def _unanswered(version: Facts) -> bool:
    status = version.status
    return version.get("sequence") is not None and (status is None or version.sequence > status.sequence)
