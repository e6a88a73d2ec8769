# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The Python that runs the agent: which one it is, whether it is there, whether it can load the agent."""

import os
import re

from .._guest import trees
from .._guest.masking import excerpt
from . import _environment
from . import _removed_modules as removed_modules

SEARCH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""Where systemd looks for a command without a path, unless the unit sets PATH."""

NAME = re.compile(r"^(?:platform-)?python(\d(?:\.\d+)?)?$")
VERSIONED = re.compile(r"python(\d\.\d+)")
# The first entry of the path is the script's directory, as it is when the agent itself starts.
LOAD = "import sys; sys.path[0] = {0!r}; import azurelinuxagent.agent"
TRIAL_SECONDS = 8.0
RAISED = re.compile(r"(?:[A-Za-z_]+\.)*[A-Za-z]*(?:Error|Exception)\b")

PARTS = ("", "/common", "/common/osutil", "/common/utils", "/common/protocol", "/daemon", "/ga")
"""What of its package the agent loads when it starts."""

MAX_SOURCE = 16 << 10


def describe(host, command, script):
    """``{command, path, resolved, version, exists}`` of the Python that ``command`` runs; None without one."""
    search = environment(host).get("PATH", SEARCH)
    name, read_from = _named(host, command, script)
    if name is None:
        trees.need_system(host)
        return None
    path = name if name.startswith("/") else which(host, name, search)
    real = resolved(host, path) if path else None
    info = host.stat(real) if real else None
    if info is None:
        trees.need(host, os.path.dirname(path or "/usr/bin/env"))
    match = VERSIONED.search(os.path.basename(real or ""))
    return {
        "command": name,
        "path": path,
        "resolved": real if info else None,
        "version": match.group(1) if match else None,
        "exists": info is not None,
        "read_from": read_from,
    }


def _named(host, command, script):
    """``(name or path of the interpreter, where that is said)``; two None when nothing says it."""
    if command and NAME.match(os.path.basename(command[0])):
        return command[0], "ExecStart"
    first = (host.text(script, 512) or "").split("\n", 1)[0] if script else ""
    words = first[2:].split() if first.startswith("#!") else []
    if words and os.path.basename(words[0]) == "env":
        words = [word for word in words[1:] if not word.startswith("-")]
    return (words[0], script + ":1") if words else (None, None)


def which(host, name, search=SEARCH):
    """The path of the executable ``name``, or None."""
    for directory in search.split(":"):
        path = "{0}/{1}".format(directory, name)
        info = host.stat(path)
        if info is not None and info.st_mode & 0o111:
            return path
    return None


def resolved(host, path):
    """The path with its links followed, as the guest sees it."""
    try:
        return host.resolved(path)
    except OSError:
        return path


def environment(host):
    """What the unit's files set, whole and unmasked: for running things, not for stating."""
    return _environment.values(_environment.of_unit(host))


def loads(host, python, script):
    """``(loads, telling line of the error, variables of the unit without which it loads)``: imports the agent.

    Nothing is written: no bytecode, no agent is started. Raises Missing when that cannot be tried.
    """
    own = environment(host)
    error = _try(host, python, script, own)
    variables = _environment.of_unit(host) if error and own and _try(host, python, script, {}) is None else []
    return error is None, error, [{"name": one.name, "read_from": one.read_from} for one in variables]


def _try(host, python, script, own):
    """Imports the agent as its service would, with these variables. None, or what the interpreter says."""
    values = {"PATH": SEARCH, "LANG": "C"}
    values.update(own)
    values["PYTHONDONTWRITEBYTECODE"] = "1"
    pairs = ["{0}={1}".format(name, value) for name, value in sorted(values.items())]
    program = LOAD.format(os.path.dirname(script or "/usr/sbin/waagent"))
    argv = ["env", "-i"] + pairs + [python["path"], "-B", "-c", program]
    status, _out, err = host.run(argv, timeout=TRIAL_SECONDS)
    if status == 0:
        return None
    lines = [line.strip() for line in err.splitlines() if line.strip()]
    telling = [line for line in lines if RAISED.match(line)] or lines
    return excerpt(telling[-1], 300) if telling else "exit status {0}".format(status)


def lacks(host, python, places):
    """Modules that Python removed, that the agent's package imports, and that this Python does not have; by files.

    None where the files do not tell.
    """
    version = python["version"]
    gone = removed_modules.lacks(host, version) if version and "." in version else None
    own = [place["path"] for place in places if place["python"] in (version, (version or "").split(".")[0])]
    if not gone or not own:
        return gone if gone is None or own else None
    imported = re.compile(r"^(?:import|from)[ \t]+({0})\b".format("|".join(gone)), re.MULTILINE)
    found = set()
    for folder in PARTS:
        for name in host.names(own[0] + folder):
            if name.endswith(".py"):
                found.update(imported.findall(host.text(own[0] + folder + "/" + name, MAX_SOURCE) or ""))
    return sorted(found)


def elsewhere(python, places):
    """Where the agent's package lies when no place of it belongs to this interpreter; None when one may.

    Decides without running anything. ``places`` are those of ``_versions.modules``.
    """
    version = python["version"]
    if version is None or not places:
        return None
    if any(place["python"] in (version, version.split(".")[0]) for place in places):
        return None
    return places[0]["path"]
