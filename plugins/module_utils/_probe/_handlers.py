# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Handlers below the agent's directory: the snapshot extension's versions and what the agent says of the newest."""

import json
import re

from .._guest import trees
from . import conf
from ._mask import mask_query

PUBLISHER = "Microsoft.Azure.RecoveryServices."
NAME = PUBLISHER + "VMSnapshotLinux"
WINDOWS_NAME = PUBLISHER + "VMSnapshot"
DEFAULT_LIB_DIR = "/var/lib/waagent"
HELPERS = ("main/safefreeze/bin/safefreeze", "main/safefreezeArm64/bin/safefreeze")
MAX_MESSAGE = 400

_DIRECTORY = re.compile(r"(?P<name>[A-Za-z0-9._]+)-(?P<version>[0-9]+(?:\.[0-9]+)*)\Z")


def lib_dir(host):
    """``(path, where that is said)`` of the agent's directory. Raises Missing like reading waagent.conf does."""
    settings = conf.load(host)
    path = settings.value("Lib.Dir") or DEFAULT_LIB_DIR
    return path.rstrip("/") or "/", "default" if path == DEFAULT_LIB_DIR else settings.path


def directories(host):
    """``{handler's name: versions, the oldest first}`` of everything installed below the agent's directory."""
    return host.once("handler_directories", lambda: _directories(host))


def _directories(host):
    found = {}
    for name in host.names(lib_dir(host)[0]):
        match = _DIRECTORY.match(name)
        if match:
            found.setdefault(match.group("name"), []).append(match.group("version"))
    for versions in found.values():
        versions.sort(key=numbers)
    return found


def numbers(version):
    """A version as numbers: 1.0.10 is newer than 1.0.9."""
    return tuple(int(part) for part in version.split("."))


def newest(host):
    """``(version, directory)`` of the newest VMSnapshotLinux, or None."""
    versions = directories(host).get(NAME)
    if not versions:
        return None
    return versions[-1], "{0}/{1}-{2}".format(lib_dir(host)[0], NAME, versions[-1])


def installed(host, version, directory):
    """What the agent's files say of one version of the extension."""
    stated = _installed(host, version, directory)
    if trees.holds_system(host):
        return stated
    # A tree that holds a part of a system: what it does not hold is no fact, unless what lies beside it is there.
    signs = {"launcher": "main/handle.py", "environment": "HandlerEnvironment.json", "helpers": "main/safefreeze"}
    for name, sign in dict(signs, state="config/HandlerState").items():
        if not stated[name] and not host.exists("{0}/{1}".format(directory, sign)):
            del stated[name]
    return stated


def _installed(host, version, directory):
    return {
        "version": version,
        "path": directory,
        "state": host.line(directory + "/config/HandlerState"),
        "status": handler_status(host, directory + "/config/HandlerStatus"),
        "launcher": host.exists(directory + "/main/handle.sh"),
        "environment": environment(host, directory) is not None,
        "log_dir": log_dir(host, directory),
        "helpers": [helper for helper in (_helper(host, directory, name) for name in HELPERS) if helper],
        "read_from": directory,
    }


def handler_status(host, path):
    """The agent's last word on the handler, or None."""
    content = load_json(host, path)
    if not isinstance(content, dict):
        return None
    return {
        "status": content.get("status"),
        "code": integer(content.get("code")),
        "message": short(content.get("message")),
        "read_from": path,
    }


def environment(host, directory):
    """The folders that HandlerEnvironment.json names, or None when it cannot be used."""
    content = load_json(host, directory + "/HandlerEnvironment.json")
    content = content[0] if isinstance(content, list) and content else content
    folders = content.get("handlerEnvironment") if isinstance(content, dict) else None
    return folders if isinstance(folders, dict) else None


def log_dir(host, directory):
    """Where the extension logs: what its environment says, else where the agent would put it."""
    folder = (environment(host, directory) or {}).get("logFolder") if directory else None
    if isinstance(folder, str) and folder.startswith("/"):
        return folder
    return "{0}/{1}".format(conf.load(host).value("Extension.LogDir").rstrip("/"), NAME)


def load_json(host, path):
    """The parsed file; None when there is none or it is no JSON."""
    text = host.text(path)
    try:
        return json.loads(text) if text else None
    except ValueError:
        return None


def integer(value):
    """Codes come as numbers and as text; anything else is None."""
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def short(text):
    """A message, bounded and without the signatures of its addresses."""
    if text is None:
        return None
    return mask_query(str(text))[:MAX_MESSAGE]


def _helper(host, directory, name):
    info = host.stat("{0}/{1}".format(directory, name))
    if info is None:
        return None
    return {"path": name, "size": info.st_size, "executable": bool(info.st_mode & 0o111)}
