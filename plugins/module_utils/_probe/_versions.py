# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Versions of the agent: installed, downloaded, running. Read from files; the agent is not started for it."""

import json
import re

from .._guest.agent import EXECUTABLES
from .._guest.host import Missing

LIBRARIES = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64", "/usr/share/oem/python/lib64",
             "/usr/share/oem/python/lib", "/opt/azurelinuxagent/lib")  # fmt: skip
PACKAGES = ("site-packages", "dist-packages")
PYTHONS = ("/usr/bin/python{0}", "/usr/local/bin/python{0}", "/usr/libexec/platform-python{0}",
           "/usr/share/oem/python/bin/python{0}")  # fmt: skip
PYTHON = re.compile(r"^(?:platform-)?python(\d(?:\.\d+)?)$")
ASSIGNED = re.compile(r"^(?:AGENT_VERSION|GuestAgentVersion)\s*=\s*['\"](?:WALinuxAgent-)?([\d.]+)['\"]", re.MULTILINE)
DIRECTORY = re.compile(r"^WALinuxAgent-(\d+(?:\.\d+)+)$")
MAX_FAILURES = 3
"""The agent gives a downloaded version up after this many failures."""

DPKG_STATUS = "/var/lib/dpkg/status"
DPKG_NAMES = ("waagent", "walinuxagent")


def number(text):
    """A version as a tuple of numbers, so that 2.10 is newer than 2.9."""
    return tuple(int(part) for part in re.findall(r"\d+", text or ""))


def binary(host):
    """The agent's program: ``{path, executable, mode}``; None when there is none in any of the usual places."""
    for path in EXECUTABLES:
        info = host.stat(path)
        if info is not None:
            return {
                "path": path,
                "executable": bool(info.st_mode & 0o111),
                "mode": "{0:04o}".format(info.st_mode & 0o7777),
                "read_from": path,
            }
    return None


def modules(host):
    """Where the Python package ``azurelinuxagent`` lies: ``{path, python, python_exists, version}`` each.

    Raises Missing for a tree without any directory of packages.
    """
    found, seen, looked = [], set(), host.live
    for library in LIBRARIES:
        for name in host.names(library):
            match = PYTHON.match(name)
            if match is None:
                continue
            for packages in PACKAGES:
                directory = "{0}/{1}/{2}".format(library, name, packages)
                inside = host.names(directory)
                looked = looked or bool(inside)
                eggs = [entry + "/" for entry in inside if entry.startswith("WALinuxAgent-") and entry.endswith(".egg")]
                for egg in [""] + eggs:
                    path = "{0}/{1}azurelinuxagent".format(directory, egg)
                    info = host.stat(path)
                    if info is None or (info.st_dev, info.st_ino) in seen:
                        continue
                    seen.add((info.st_dev, info.st_ino))
                    version = _assigned(host, path + "/common/version.py")
                    python = match.group(1)
                    there = "." not in python or any(host.exists(place.format(python)) for place in PYTHONS)
                    found.append({"path": path, "python": python, "python_exists": there, "version": version})
    if not looked:
        raise Missing("the tree does not contain Python's packages")
    return found


def installed(host, program, places, python=None):
    """``{version, read_from}`` of the installed agent; None when no file says it.

    ``python`` is the version of the interpreter that runs it: of several packages that one's counts.
    """
    major = (python or "").split(".")[0]
    own = [place for place in places if place["python"] in (python, major)] or places
    for place in own:
        if place["version"]:
            return {"version": place["version"], "read_from": place["path"] + "/common/version.py"}
    version = program and _assigned(host, program["path"])
    return {"version": version, "read_from": program["path"]} if version else None


def _assigned(host, path):
    try:
        match = ASSIGNED.search(host.text(path, 1 << 18) or "")
    except Missing:
        return None
    return match.group(1) if match else None


def downloaded(host, lib_dir):
    """Versions that the agent fetched, the newest first, each with what its error record says."""
    found = []
    for name in host.names(lib_dir):
        match = DIRECTORY.match(name)
        path = "{0}/{1}".format(lib_dir, name)
        if match and host.exists(path + "/."):
            record = _error_record(host, path + "/error.json")
            record.update(version=match.group(1), complete=host.exists(path + "/HandlerManifest.json"), read_from=path)
            found.append(record)
    return sorted(found, key=lambda entry: number(entry["version"]), reverse=True)


def _error_record(host, path):
    try:
        data = json.loads(host.text(path, 1 << 16) or "{}")
        failures, fatal = int(data.get("failure_count", 0)), bool(data.get("was_fatal"))
        reason = str(data.get("reason") or "").strip()
        last = float(data.get("last_failure") or 0)
    except (Missing, ValueError, TypeError, AttributeError):
        # The agent itself throws a damaged record away.
        failures, fatal, reason, last = 0, False, "", 0
    return {
        "failure_count": failures,
        "was_fatal": fatal,
        "blacklisted": fatal or failures >= MAX_FAILURES,
        "reason": reason.splitlines()[-1][:300] if reason else None,
        "last_failure": int(last) or None,
    }


def would_run(package, versions, auto_update):
    """The version that the daemon starts: the newest usable download above the package's, if it may use those."""
    usable = [entry["version"] for entry in versions if entry["complete"] and not entry["blacklisted"]]
    if auto_update and usable and number(usable[0]) > number(package):
        return usable[0]
    return package


def dpkg(host):
    """The agent's package as dpkg's own file states it: ``{name, version, status, read_from}``; None without one."""
    data = host.read(DPKG_STATUS, 16 << 20)
    for name in DPKG_NAMES if data else ():
        start = (b"\n" + data).find("\nPackage: {0}\n".format(name).encode())
        if start < 0:
            continue
        stanza = data[start : start + 4096].split(b"\n\n")[0].decode("utf-8", "replace")
        fields = dict(line.partition(": ")[::2] for line in stanza.splitlines() if ": " in line)
        return {
            "name": name,
            "version": fields.get("Version"),
            "status": fields.get("Status"),
            "read_from": DPKG_STATUS,
        }
    return None
