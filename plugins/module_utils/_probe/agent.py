# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Section ``agent``: the agent's program, service, processes, versions, log and working directory."""

import os
import re
import time

from . import (
    _agent_log,
    _agent_python,
    _crypto,
    _init_scripts,
    _processes,
    _provisioning,
    _systemd,
    _trees,
    _versions,
)
from . import conf as conf_section
from ._host import NEEDS_LIVE, Missing

NUMBERED = re.compile(r"^GoalState\.(\d+)\.xml$")
STATUS = re.compile(r"^waagent_status(?:\.\d+)?\.json$")


def collect(host, options, facts):
    conf = _conf(host)
    lib_dir = conf.value("Lib.Dir").rstrip("/")
    facts["paths"] = {
        "lib_dir": lib_dir,
        "log_dir": conf.value("Extension.LogDir"),
        "pid_file": conf.value("Pid.File"),
        "read_from": conf.path,
    }
    program = facts.take("binary", lambda: _binary(host))
    service = facts.take("unit", lambda: _service(host, facts))
    facts.take("other_units", lambda: _systemd.others(host, service["name"]) if service else [])
    facts.take("default_gate", lambda: _init_scripts.gate(host, service) if service else None)
    _processes_of(host, facts)
    _code(host, conf, lib_dir, program, service, facts)
    facts.take("pid_file", lambda: _pid_file(host, facts["paths"]["pid_file"]))
    facts.take("disabled_by", lambda: _if_there(host, lib_dir + "/disable_agent"))
    now, booted = (time.time(), _processes.booted(host)) if host.live else (None, None)
    facts.take("log", lambda: _agent_log.describe(host, now, booted))
    facts.take("log_dir", lambda: _directory(host, facts["paths"]["log_dir"]))
    facts.take("status", lambda: _status(host, lib_dir, now))
    facts.take("goal_state_files", lambda: _goal_state_files(host, lib_dir))
    facts.take("provisioning", lambda: _provisioning.describe(host, conf, lib_dir))
    facts.take("openssl", lambda: _crypto.openssl(host, conf))
    facts.take("ca", lambda: _crypto.authorities(host))
    facts.take("cgroups", lambda: _cgroups(host))


def _conf(host):
    """waagent.conf, or the agent's defaults where it may not be read: section ``conf`` says why."""
    try:
        return conf_section.load(host)
    except Missing:
        return conf_section.Conf(conf_section.DEFAULT_PATH, "default")


def _service(host, facts):
    service = _systemd.describe(host, facts) or _init_scripts.describe(host)
    if service is None:
        _trees.need_system(host)
    return service


def _binary(host):
    program = _versions.binary(host)
    if program is None:
        _trees.need_system(host)
    return program


def _processes_of(host, facts):
    """The daemon and its handler; further ones only counted."""
    for name, find in (("daemon", _processes.daemons), ("handler", _processes.handlers)):
        try:
            running = find(host)
            facts[name] = _processes.described(host, running[0]) if running else None
            facts[name + "s"] = len(running)
        except Missing as missing:
            facts.lack(name, missing)
            facts.lack(name + "s", missing)


def _code(host, conf, lib_dir, program, service, facts):
    """Interpreter, package and versions."""
    places = facts.take("modules", lambda: _versions.modules(host)) or []
    script = _script(service, program)
    python = facts.take("interpreter", lambda: _agent_python.describe(host, service and service["exec"], script))
    if python:
        facts["interpreter"]["package_elsewhere"] = _agent_python.elsewhere(python, places)
        _try_import(host, python, script, facts)
    package = facts.take("installed", lambda: _versions.installed(host, program, places, python and python["version"]))
    facts.take("package", lambda: _versions.dpkg(host))
    versions = facts.take("downloaded", lambda: _versions.downloaded(host, lib_dir))
    auto = _uses_downloads(conf)
    facts["uses_downloads"] = auto
    running = facts.get("handler")
    version = _processes.handler_version(running["command"]) if running else None
    installed = package and package["version"]
    if running:
        facts["version"] = {"value": version or installed, "of": "running", "read_from": running["read_from"]}
    elif versions is not None:
        facts["version"] = {
            "value": _versions.would_run(installed, versions, auto),
            "of": "next start",
            "read_from": package["read_from"] if package else lib_dir,
        }
    else:
        facts.lack("version", facts.missing["downloaded"])


def _script(service, program):
    """The program that the service starts, or the one that is there."""
    for word in (service or {}).get("exec") or ():
        if os.path.basename(word) == "waagent" and word.startswith("/"):
            return word
    return program["path"] if program else None


def _try_import(host, python, script, facts):
    """Imports the agent with the service's Python, unless a daemon runs with that very Python: it is the proof."""
    daemon = facts.get("daemon")
    if daemon and daemon["executable"] in (None, python["resolved"]):
        python["imports"], python["error"] = True, None
    elif not python["exists"]:
        python["imports"], python["error"] = False, "no such file"
    else:
        try:
            python["imports"], python["error"] = _agent_python.loads(host, python, script)
        except Missing as missing:
            facts.lack("interpreter.imports", missing)


def _uses_downloads(conf):
    """Whether the daemon starts downloaded versions: the new key says yes by being there, whatever its value."""
    set_keys = {entry.key: entry.value for entry in conf.entries}
    return set_keys.get("AutoUpdate.UpdateToLatestVersion") is not None or conf.value("AutoUpdate.Enabled")


def _pid_file(host, path):
    """``{path, pid, alive, is_agent}``: the daemon refuses to start while the number belongs to any process."""
    text = host.line(path)
    if text is None:
        return None
    pid = int(text) if text.isdigit() else None
    stated = {"pid": pid, "read_from": path}
    if host.live:
        processes = {process.pid: process for process in _processes.listed(host)}
        stated["alive"] = pid is not None and host.exists("/proc/{0}".format(pid))
        stated["is_agent"] = pid in processes and _processes.is_daemon(processes[pid].words)
    return stated


def _if_there(host, path):
    return path if host.exists(path) else None


def _directory(host, path):
    info = host.stat(path)
    if info is None:
        return {"exists": False, "read_from": path}
    return {
        "exists": True,
        "is_directory": host.exists(path + "/."),
        "owner": info.st_uid,
        "mode": "{0:04o}".format(info.st_mode & 0o7777),
        "read_from": path,
    }


def _status(host, lib_dir, now):
    """The newest status that the agent wrote: ``{age_s, read_from}``; None when it never wrote one."""
    if now is None:
        raise Missing(NEEDS_LIVE)
    paths = [lib_dir + "/" + name for name in host.names(lib_dir) if STATUS.match(name)]
    history = lib_dir + "/history"
    # Their names begin with the time, so the last ones are the newest; older ones are packed.
    for name in host.names(history)[-3:]:
        paths.append("{0}/{1}/waagent_status.json".format(history, name))
    found = [(int(info.st_mtime), path) for info, path in ((host.stat(path), path) for path in paths) if info]
    return {"age_s": max(0, int(now) - max(found)[0]), "read_from": max(found)[1]} if found else None


def _goal_state_files(host, lib_dir):
    """The goal states that old agents keep by number: ``{numbers, incarnation}``."""
    _trees.need(host, lib_dir)
    numbers = sorted(int(match.group(1)) for match in map(NUMBERED.match, host.names(lib_dir)) if match)
    incarnation = host.line(lib_dir + "/Incarnation")
    return {
        "count": len(numbers),
        "lowest": numbers[0] if numbers else None,
        "highest": numbers[-1] if numbers else None,
        "incarnation": int(incarnation) if incarnation and incarnation.isdigit() else None,
        "current_is_there": None if not incarnation or not incarnation.isdigit() else int(incarnation) in numbers,
        "read_from": lib_dir,
    }


def _cgroups(host):
    host.need_live()
    text = host.text("/proc/cgroups")
    if text is None:
        return None
    names = [line.split()[0] for line in text.splitlines() if line and not line.startswith("#")]
    return {"controllers": names, "read_from": "/proc/cgroups"}
