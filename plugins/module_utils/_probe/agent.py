# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Section ``agent``: the agent's program, service, processes, versions, log and working directory."""

import os
import time

from .._guest import init_scripts, processes, trees, waagent_conf
from .._guest.agent import DISABLE_MARKER
from .._guest.host import Missing
from . import (
    _agent_files,
    _agent_log,
    _agent_python,
    _crypto,
    _provisioning,
    _signatures,
    _start_files,
    _system_log,
    _systemd,
    _versions,
)


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
    facts.take("default_gate", lambda: init_scripts.gate(host, service) if service else None)
    facts.take("start_files", lambda: _start_files.describe(host, conf, service))
    _processes_of(host, facts)
    _code(host, conf, lib_dir, program, service, facts)
    facts.take("pid_file", lambda: _agent_files.pid_file(host, facts["paths"]["pid_file"]))
    facts.take("disabled_by", lambda: _agent_files.if_there(host, lib_dir, DISABLE_MARKER))
    now, booted = (time.time(), processes.booted(host)) if host.live else (None, None)
    facts.take("log_is_file", lambda: _agent_log.is_file(host))
    log = facts.take("log", lambda: _log(host, now, booted, options))
    _version_by_log(log, facts)
    facts.take("system_log", lambda: _system_log.describe(host, now, booted, log, options))
    facts.take("log_dir", lambda: _agent_files.directory(host, facts["paths"]["log_dir"]))
    facts.take("status", lambda: _agent_files.status(host, lib_dir, now))
    facts.take("goal_state_files", lambda: _agent_files.goal_state_files(host, lib_dir))
    facts.take("provisioning", lambda: _provisioning.describe(host, conf, lib_dir))
    facts.take("openssl", lambda: _crypto.openssl(host, conf, facts))
    facts.take("ca", lambda: _crypto.authorities(host))
    facts.take("cgroups", lambda: _agent_files.cgroups(host))


def _log(host, now, booted, options):
    signatures = _signatures.of_log(options, "agent")
    return _agent_log.describe(host, now, booted, signatures, _system_log.changes(host, now))


def _conf(host):
    """waagent.conf, or the agent's defaults where it may not be read: section ``conf`` says why."""
    try:
        return waagent_conf.load(host)
    except Missing:
        return waagent_conf.Conf(waagent_conf.DEFAULT_PATH, "default")


def _service(host, facts):
    service = _systemd.describe(host, facts) or init_scripts.describe(host)
    if service is None:
        trees.need_system(host)
    return service


def _binary(host):
    program = _versions.binary(host)
    if program is None:
        trees.need_system(host)
    return program


def _processes_of(host, facts):
    """The daemon and its handler; further ones only counted."""
    for name, find in (("daemon", processes.daemons), ("handler", processes.handlers)):
        try:
            running = find(host)
            facts[name] = processes.described(host, running[0]) if running else None
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
        python["lacks"] = None if host.live else _agent_python.lacks(host, python, places)
        _try_import(host, python, script, facts)
    package = facts.take("installed", lambda: _versions.installed(host, program, places, python and python["version"]))
    facts.take("package", lambda: _versions.dpkg(host))
    versions = facts.take("downloaded", lambda: _versions.downloaded(host, lib_dir))
    auto = _uses_downloads(conf)
    facts["uses_downloads"] = auto
    running = facts.get("handler")
    version = processes.handler_version(running["command"]) if running else None
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


def _version_by_log(log, facts):
    """Takes the log's word for the version where neither a process nor a file says it."""
    if log and log["version"] and not facts.get("version", {}).get("value"):
        facts.missing.pop("version", None)
        facts["version"] = {"value": log["version"], "of": "log", "read_from": log["read_from"]}


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
            python["imports"], python["error"], python["spoilt_by"] = _agent_python.loads(host, python, script)
        except Missing as missing:
            facts.lack("interpreter.imports", missing)


def _uses_downloads(conf):
    """Whether the daemon starts downloaded versions: the new key says yes by being there, whatever its value."""
    set_keys = {entry.key: entry.value for entry in conf.entries}
    return set_keys.get("AutoUpdate.UpdateToLatestVersion") is not None or conf.value("AutoUpdate.Enabled")
