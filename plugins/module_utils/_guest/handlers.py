# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Handlers below the agent's directory: the snapshot extension's versions and what the agent says of the newest."""

import json
import re

from . import trees, waagent_conf
from .agent import LIB_DIR
from .masking import excerpt

PUBLISHER = "Microsoft.Azure.RecoveryServices."
NAME = PUBLISHER + "VMSnapshotLinux"
WINDOWS_NAME = PUBLISHER + "VMSnapshot"
HELPERS = ("main/safefreeze/bin/safefreeze", "main/safefreezeArm64/bin/safefreeze")
MAX_MESSAGE = 400
HEAD_BYTES = 256
"""What holds the first line of a script."""

GOOD_CODES = (0, 1, 3, 4)
"""What a command of the extension ends with when it went well; the last of them: it is under way."""

COMMAND_LIMIT_S = 140 * 60
"""The extension gives up a command that is older than this."""

_NUMBERED = re.compile(r"([0-9]+)\.(settings|status)\Z")
_BELONGS = re.compile(re.escape(NAME) + r"(-[0-9.]+(\.zip)?|__[0-9.]+\.zip|\.[0-9]+\.manifest\.xml)\Z")
_DIRECTORY = re.compile(r"(?P<name>[A-Za-z0-9._]+)-(?P<version>[0-9]+(?:\.[0-9]+)*)\Z")


def lib_dir(host):
    """``(path, where that is said)`` of the agent's directory. Raises Missing like reading waagent.conf does."""
    settings = waagent_conf.load(host)
    path = settings.value("Lib.Dir") or LIB_DIR
    return path.rstrip("/") or "/", "default" if path == LIB_DIR else settings.path


def directories(host):
    """``{handler's name: versions, the oldest first}`` of everything installed below the agent's directory."""
    return host.once("handler_directories", lambda: _directories(host))


def _directories(host):
    found = {}
    for name in host.names(lib_dir(host)[0]):
        match = _DIRECTORY.match(name)
        if match:
            found.setdefault(match.group("name"), []).append(match.group("version"))
    for numbered in found.values():
        numbered.sort(key=numbers)
    return found


def numbers(version):
    """A version as numbers: 1.0.10 is newer than 1.0.9."""
    return tuple(int(part) for part in version.split("."))


def newest(host):
    """``(version, directory)`` of the newest VMSnapshotLinux, or None."""
    paths = versions(host)
    return (directories(host)[NAME][-1], paths[-1]) if paths else None


def versions(host):
    """The directories of all versions of VMSnapshotLinux, the oldest first."""
    return ["{0}/{1}-{2}".format(lib_dir(host)[0], NAME, version) for version in directories(host).get(NAME, ())]


def belongings(host):
    """Paths of all that the agent keeps of VMSnapshotLinux: its versions, their packages, the lists of versions."""
    library = lib_dir(host)[0]
    return ["{0}/{1}".format(library, name) for name in host.names(library) if _BELONGS.match(name)]


def installed(host, version, directory):
    """What the agent's files say of one version of the extension."""
    stated = _installed(host, version, directory)
    if trees.holds_system(host):
        return stated
    # A tree that holds a part of a system: what it does not hold is no fact, unless what lies beside it is there.
    signs = {
        "launcher": "main/handle.py",
        "program": "main/handle.sh",
        "manifest": "HandlerEnvironment.json",
        "environment": "HandlerEnvironment.json",
        "helpers": "main/safefreeze",
    }
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
        "program": _has_content(host, directory + "/main/handle.py"),
        "manifest": manifest(host, directory),
        "environment": environment(host, directory) is not None,
        "log_dir": log_dir(host, directory),
        "helpers": [helper for helper in (_helper(host, directory, name) for name in HELPERS) if helper],
        "read_from": directory,
    }


def manifest(host, directory):
    """What the agent starts the extension by, and which executables of its commands cannot be run, or None."""
    path = directory + "/HandlerManifest.json"
    if not host.exists(path):
        return None
    content = load_json(host, path)
    content = content[0] if isinstance(content, list) and content else content
    told = content.get("handlerManifest") if isinstance(content, dict) else None
    if not isinstance(told, dict):
        return {"error": "it names no commands", "absent": [], "read_from": path}
    commands = [value for name, value in sorted(told.items()) if name.endswith("Command") and isinstance(value, str)]
    # As the agent does: a command is a path below the directory, and words.
    programs = sorted({value.split()[0] for value in commands if value.strip()})
    absent = [name for name in programs if not _can_run(host, "{0}/{1}".format(directory, name))]
    return {"error": None, "absent": absent, "read_from": path}


def _can_run(host, path):
    """Not absent, empty or, where modes are the guest's own, without the right to be executed.

    A first line that ends as on Windows names an interpreter that does not exist.
    """
    if not _has_content(host, path) or (host.live and not host.stat(path).st_mode & 0o111):
        return False
    first = (host.read(path, HEAD_BYTES) or b"").partition(b"\n")[0]
    return not (first.startswith(b"#!") and first.endswith(b"\r"))


def _has_content(host, path):
    info = host.stat(path)
    return info is not None and info.st_size > 0


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
    return "{0}/{1}".format(waagent_conf.load(host).value("Extension.LogDir").rstrip("/"), NAME)


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
    """A message, bounded and without secrets."""
    if text is None:
        return None
    return excerpt(str(text), MAX_MESSAGE)


def _helper(host, directory, name):
    info = host.stat("{0}/{1}".format(directory, name))
    if info is None:
        return None
    return {"path": name, "size": info.st_size, "executable": bool(info.st_mode & 0o111)}


def status(host, directory):
    """The status file with the highest sequence number, or None when there is none."""
    found = newest_file(host, directory + "/status", "status")
    if found is None:
        return None
    sequence, path = found
    result = parse_status(load_json(host, path))
    text = host.text(path) or ""
    for name, key in (("host_pre_snapshot", "PreSnapshot"), ("host_do_snapshot", "DoSnapshot")):
        match = re.search(r"hostStatusCode{0}[\"\\\\]*\s*[=:]\s*[\"\\\\]*([0-9]{{3}})".format(key), text)
        result[name] = int(match.group(1)) if match else None
    info = host.stat(path)
    return dict(result, sequence=sequence, written=int(info.st_mtime) if info else None, read_from=path)


def parse_status(content):
    """``{code, word, reported_word, message}`` of a status document.

    The word of the file says success for every ended command; the true one stands in the document inside it.
    """
    try:
        outer = content[0]["status"]
        code, word = integer(outer.get("code")), outer.get("status")
    except (TypeError, KeyError, IndexError, AttributeError):
        return {"code": None, "word": None, "reported_word": None, "message": None}
    inner = _embedded(outer)
    message = outer.get("formattedMessage")
    return {
        "code": code,
        "word": inner.get("status") or word,
        "reported_word": word,
        "message": short(_text(message.get("message") if isinstance(message, dict) else message)),
    }


def _embedded(outer):
    for part in outer.get("substatus") or ():
        try:
            return dict(json.loads(part["name"])[0]["status"])
        except (TypeError, KeyError, IndexError, ValueError):
            continue
    return {}


def _text(message):
    """The words inside a message that is itself a JSON document."""
    try:
        return json.loads(message)["messageStr"]
    except (TypeError, KeyError, ValueError):
        return message


def newest_file(host, folder, kind):
    """``(sequence number, path)`` of the settings or status file with the highest number; None when there is none."""
    numbered = []
    for name in host.names(folder):
        match = _NUMBERED.match(name)
        if match and match.group(2) == kind:
            numbered.append((int(match.group(1)), "{0}/{1}".format(folder, name)))
    return max(numbered, default=None)
