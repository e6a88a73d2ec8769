# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The package of the backup extension's stand-in, with the file layout of the real one."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

NAME = "Microsoft.Azure.RecoveryServices.VMSnapshotLinux"
VERSION = "1.0.9232.0"
LOG_DIR = f"/var/log/azure/{NAME}"
LIB_DIR = f"/var/lib/waagent/{NAME}-{VERSION}"

_SOURCES = Path(__file__).parent / "handler"
# Archive name -> file of ours; all are programs.
_PROGRAMS = {
    "main/handle.sh": "handle.sh",
    "main/handle.py": "handle.py",
    "main/safefreeze/bin/safefreeze": "safefreeze.sh",
}


def handler_manifest() -> list[dict[str, Any]]:
    """Tells the agent how to call the handler."""
    verbs = ("install", "uninstall", "update", "enable", "disable")
    commands = {f"{verb}Command": f"main/handle.sh {verb}" for verb in verbs}
    flags = {"rebootAfterInstall": False, "reportHeartbeat": False}
    return [{"name": NAME, "version": VERSION, "handlerManifest": {**commands, **flags}}]


def settings(task: str, behaviour: str) -> dict[str, Any]:
    """The settings of one snapshot task; Azure sends no key 'lab'."""
    public = {
        "locale": "en-us",
        "taskId": task,
        "commandToExecute": "snapshot",
        "objectStr": "",
        "logsBlobUri": "",
        "statusBlobUri": "",
        "lab": {"behaviour": behaviour},
    }
    return {"runtimeSettings": [{"handlerSettings": {"publicSettings": public}}]}


def package() -> bytes:
    """The extension's zip, as the agent downloads it."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as content:
        content.writestr("HandlerManifest.json", json.dumps(handler_manifest(), indent=2))
        for name, source in _PROGRAMS.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o755 << 16
            content.writestr(entry, (_SOURCES / source).read_text(encoding="utf-8"))
    return archive.getvalue()
