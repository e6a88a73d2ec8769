# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Which Python the extension's launcher would get, and whether that one has what the extension imports."""

import re

from .._guest import handlers, systemd_words, unit_files
from .._guest.host import Late, Missing
from . import _launcher
from ._removed_modules import REMOVED, SHIMMED, lacks

MAX_TRIED = 4
TRIAL_SECONDS = 3.0

# Runs on Python 2.6 as well. The current directory must not be searched. Real imports are kept to modules that may be
# gone: to import everything would cost ten times as much. setuptools stands in for distutils, and is slow to load.
TRIAL = """
import sys
if sys.path and not sys.path[0]: del sys.path[0]
try: from importlib.util import find_spec
except ImportError: find_spec = None
def has(name):
    try:
        if find_spec is None or name in %r:
            __import__(name)
            return True
        return find_spec(name) is not None
    except Exception:
        return False
def stands_in(name):
    return name == %r and find_spec is not None and has('setuptools') and has('_distutils_hack')
names = [name for name in sys.argv[1:] if not has(name) and not stands_in(name)]
sys.stdout.write('%%d.%%d.%%d ' %% sys.version_info[:3] + ','.join(names))
""" % (sorted(REMOVED), SHIMMED)


def find(host, directory):
    """The interpreters that the launcher of ``directory`` (None: today's launcher) would try, in its order."""
    script = host.text(directory + "/main/handle.sh", 65536) if directory else None
    needs = _launcher.needed_imports(host, directory + "/main") if directory else []
    search = _launcher.search(script)
    found, usable = [], None
    for path in _existing(host, search):
        candidate = dict(_examine(host, path, needs, bool(directory)), path=path)
        if directory and candidate["lacks"]:
            candidate["lacks"] = [name for name in candidate["lacks"] if name in needs]
        found.append(candidate)
        if candidate["lacks"] == [] or (candidate["lacks"] and not directory):
            usable = path
        if usable or not search["each"] or len(found) >= MAX_TRIED:
            break
    return {
        "candidates": found,
        "usable": usable,
        "needs": sorted(set(needs) & set(REMOVED)),
        "tries_each": search["each"],
        # A tree may hold a few files only: then it says nothing that it holds no Python.
        "complete": host.live or host.exists("/usr/bin/env"),
        "read_from": directory + "/main/handle.sh" if script is not None else "today's launcher",
    }


def _existing(host, search):
    """The candidates that exist, each interpreter once under the first of its names."""
    groups = list(search["groups"])
    if search["path_python"]:
        groups.append(_launcher.path_python())
    seen = set()
    for group in groups:
        path = next((path for path in group if host.exists(path)), None)
        if path and _target(host, path) not in seen:
            seen.add(_target(host, path))
            yield path
    agent = agent_python(host) if search["agent_python"] else None
    if agent and agent.startswith("/") and host.exists(agent) and _target(host, agent) not in seen:
        yield agent


def agent_python(host):
    """The interpreter that runs the agent by its unit file: the launcher's last resort looks at the process."""
    unit = unit_files.agent_unit(host)
    for setting in unit.values("ExecStart") if unit else ():
        words = [word.lstrip("-@:+!") for word in systemd_words.words(setting.value)]
        if words and "python" in words[0]:
            return words[0]
        first = (host.text(words[0], 256) or "") if words else ""
        if first.startswith("#!"):
            return next((word for word in first[2:].split("\n")[0].split() if "/env" not in word), None)
    return None


def _target(host, path):
    """The path behind links, as the guest sees it."""
    for _step in range(10):
        target = host.link(path)
        if target is None:
            return path
        path = target if target.startswith("/") else "{0}/{1}".format(path.rsplit("/", 1)[0], target)
    return path


def _examine(host, path, needs, run):
    if host.live and run:
        return _tried(host, path, needs)
    version = _version_of(_target(host, path))
    return {"version": version, "lacks": lacks(host, version) if version else None, "error": None, "tried": False}


def _tried(host, path, needs):
    try:
        argv = [path, "-E", "-s", "-B", "-c", TRIAL] + needs
        status, out, error = host.run(argv, TRIAL_SECONDS, env={"SETUPTOOLS_USE_DISTUTILS": "stdlib"})
    except Late:
        raise
    except Missing as missing:
        return {"version": None, "lacks": None, "error": str(missing), "tried": True}
    match = re.match(r"([0-9.]+) (.*)\Z", out)
    if status != 0 or not match:
        lines = error.strip().splitlines()
        reason = handlers.short(lines[-1]) if lines else "exit status {0}".format(status)
        return {"version": None, "lacks": None, "error": reason, "tried": True}
    names = [name for name in match.group(2).split(",") if name]
    return {"version": match.group(1), "lacks": names, "error": None, "tried": True}


def _version_of(path):
    match = re.search(r"python([23]\.[0-9]+)\Z", path)
    return match.group(1) if match else None
