# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The snapshot extension on a mounted Windows disk: its registration and its files."""

from __future__ import annotations

import re

from ...module_utils._probe import Facts
from ._disk import Disk
from ._logs import document, log, member, message, time
from ._tree import modified

_PLUGIN = "Microsoft.Azure.RecoveryServices.VMSnapshot"
_HOME = rf"Packages\Plugins\{_PLUGIN}"
_LOGS = rf"WindowsAzure\Logs\Plugins\{_PLUGIN}"
_CACHE = "Windows\\Microsoft.NET\\assembly\\GAC_MSIL"
_SHARED = (
    *("Microsoft.WindowsAzure.Storage", "Microsoft.Data.Edm", "Microsoft.Data.OData"),
    *("iaasvmazurestorage", "iaasvmsnapshotmessage"),
    "Microsoft.VisualStudio.Diagnostics.ServiceModelSink",
)
_MOST_HANDLERS = 50
_PROGRAM = re.compile(r'\s*(?:"([^"]+)"|(\S+))')


def extension(disk: Disk, facts: Facts) -> None:
    facts.take("versions", lambda: _versions(disk))
    handlers = _handlers(disk)
    facts["handler_state"] = [one for one in handlers if one["name"] == _PLUGIN]
    facts["other_handlers"] = [one for one in handlers if one["name"] != _PLUGIN]
    facts.take("shared_assemblies", lambda: _assemblies(disk))
    facts.take("log", lambda: _log(disk))


def _versions(disk: Disk) -> list[dict]:
    return [
        _version(disk, rf"{_HOME}\{entry.name}", entry.name)
        for entry in disk.tree.folder(_HOME)
        if entry.is_dir(follow_symlinks=False) and re.fullmatch(r"\d+(\.\d+)+", entry.name)
    ]


def _version(disk: Disk, folder: str, version: str) -> dict:
    settings = _numbered(disk, rf"{folder}\RuntimeSettings", "settings")
    beat = disk.tree.text(rf"{folder}\Status\HeartBeat.Json")
    heartbeat = member(document(beat), "heartbeat") if beat else None
    return {
        "version": version,
        "folder": disk.shown(folder),
        "sequence": max(settings, default=None),
        "status": _status(disk, rf"{folder}\Status"),
        "heartbeat": {name: member(heartbeat, name) for name in ("status", "code")} if heartbeat else None,
        "executable": disk.tree.is_file(rf"{folder}\IaaSBcdrExtension.exe"),
        "provider": any(disk.tree.is_file(rf"{folder}\IaasVmProvider.{ending}") for ending in ("dll", "exe")),
        "manifest": _manifest(disk, folder),
        "environment": _environment(disk, folder),
        "storage_library": disk.tree.version(rf"{folder}\Microsoft.WindowsAzure.Storage.dll"),
    }


def _numbered(disk: Disk, folder: str, ending: str) -> dict:
    found = ((re.fullmatch(rf"(\d{{1,9}})\.{ending}", entry.name, re.I), entry) for entry in disk.tree.folder(folder))
    return {int(name[1]): entry for name, entry in found if name}


def _status(disk: Disk, folder: str) -> dict | None:
    found = _numbered(disk, folder, "status")
    if not found:
        return None
    sequence = max(found)
    path = rf"{folder}\{found[sequence].name}"
    facts = {"path": disk.shown(path), "sequence": sequence, "modified": modified(found[sequence]), "error": None}
    try:
        json = document(disk.tree.text(path))
    except ValueError as error:
        nothing = dict.fromkeys(("status", "operation", "code", "message", "time"))
        return {**facts, **nothing, "error": str(error)}
    own = member(json, "status")
    names = ("status", "operation", "code")
    return {
        **facts,
        **{name: member(own, name) for name in names},
        "message": message(own, 600),
        "time": time(json, "timestampUTC"),
    }


def _manifest(disk: Disk, folder: str) -> dict | None:
    path = rf"{folder}\HandlerManifest.json"
    text = disk.tree.text(path, 65_536)
    if text is None:
        return None
    facts: dict = {"error": None, "absent": [], "read_from": disk.shown(path)}
    try:
        commands = member(document(text), "handlerManifest")
        if not isinstance(commands, dict):
            raise ValueError("it names no commands")
    except ValueError as error:
        return {**facts, "error": str(error)}
    lines = [str(line) for name, line in commands.items() if name.lower().endswith("command")]
    programs = [found[1] or found[2] for found in map(_PROGRAM.match, lines) if found]
    distinct = {program.lower(): program for program in programs}.values()
    absent = [program for program in distinct if not disk.tree.is_file(_place(disk, folder, program))]
    return {**facts, "absent": absent}


def _environment(disk: Disk, folder: str) -> dict | None:
    path = rf"{folder}\HandlerEnvironment.json"
    text = disk.tree.text(path, 65_536)
    if text is None:
        return None
    facts: dict = {"error": None, "absent": [], "read_from": disk.shown(path)}
    try:
        named = member(document(text), "handlerEnvironment")
        if not isinstance(named, dict):
            raise ValueError("it names no folders")
    except ValueError as error:
        return {**facts, "error": str(error)}
    folders = [str(named[name]) for name in ("configFolder", "statusFolder") if named.get(name)]
    # Another drive is not here.
    below = {place: disk.path(place) for place in folders}
    return {**facts, "absent": [place for place, at in below.items() if at is not None and disk.tree.find(at) is None]}


def _place(disk: Disk, folder: str, program: str) -> str:
    return disk.path(program) or "\\".join([folder, *(part for part in re.split(r"[\\/]", program) if part != ".")])


def _handlers(disk: Disk) -> list[dict]:
    found: list[dict] = []
    for path in ("SOFTWARE\\Microsoft\\Windows Azure\\HandlerState", "SOFTWARE\\Microsoft\\WindowsAzure\\HandlerState"):
        for name in disk.names(path):
            parts = re.fullmatch(r"(.+)_([\d.]+)", name)
            if parts is None or len(found) >= _MOST_HANDLERS:
                continue
            key = disk.plain(rf"{path}\{name}", "State", "Status", "SequenceNumber") or {}
            found.append(
                {
                    "name": parts[1],
                    "version": parts[2],
                    "state": key.get("State"),
                    "status": key.get("Status"),
                    "sequence": str(key.get("SequenceNumber", "")),
                    "read_from": rf"HKLM\{path}\{name}",
                }
            )
    return found


def _assemblies(disk: Disk) -> list[dict]:
    found = []
    for name in _SHARED:
        for entry in disk.tree.folder(rf"{_CACHE}\{name}"):
            version = re.match(r"v[\d.]+_([\d.]+)_", entry.name)
            if version and entry.is_dir(follow_symlinks=False):
                place = disk.shown(rf"{_CACHE}\{name}\{entry.name}")
                found.append({"name": name, "version": version[1], "read_from": place})
    return found


def _log(disk: Disk) -> dict | None:
    newest = disk.tree.newest(_LOGS, r"^\d")
    file = disk.tree.newest(rf"{_LOGS}\{newest.name}", r"\.log$") if newest else None
    return log(disk, rf"{_LOGS}\{newest.name}\{file.name}") if newest and file else None
