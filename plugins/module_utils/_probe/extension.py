# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Section ``extension``: VMSnapshotLinux, the Python it would get, its last run, and what its files configure."""

import time

from .._guest import handlers
from .._guest.agent import LOG as AGENT_LOG
from .._guest.host import Missing
from .._guest.masking import cut
from . import (
    _agent_log,
    _ext_result,
    _extension_commands,
    _extension_log,
    _handlers,
    _interpreter,
    _policy,
    _rivals,
    _scripts,
    _vmbackup_conf,
)

WORKLOAD_CONF = "/etc/azure/workload.conf"
OF_INSTALLED = ("settings", "certificate", "status", "last_sequence", "misplaced")


def collect(host, options, facts):
    path, path_from = handlers.lib_dir(host)
    facts["lib_dir"] = {"path": path, "read_from": path_from}
    facts.take("conf", lambda: _vmbackup_conf.read(host))
    facts.take("lock", lambda: _rivals.lock(host))
    facts.take("scripts", lambda: _scripts.read(host))
    facts.take("workload", lambda: _workload(host))
    facts.take("policy", lambda: _policy.read(host))
    facts.take("handlers", lambda: _handlers.read(host, _clock(host)))
    if facts.take("versions", lambda: handlers.directories(host).get(handlers.NAME, [])) is None:
        for name in ("installed", "interpreter", "logs", "wrong_os", "other_products") + OF_INSTALLED:
            facts.lack(name, facts.missing["versions"])
        return
    facts.take("other_products", lambda: _rivals.products(host))
    facts.take("wrong_os", lambda: wrong_os(host))
    newest = handlers.newest(host)
    directory = newest[1] if newest else None
    facts.take("installed", lambda: handlers.installed(host, *newest) if newest else None)
    facts.take("interpreter", lambda: _interpreter.find(host, directory))
    _logs(host, directory, facts)
    _results(host, directory, facts)


def wrong_os(host):
    """Directories of the Windows snapshot handler on this Linux guest."""
    name = handlers.WINDOWS_NAME
    return ["{0}-{1}".format(name, version) for version in handlers.directories(host).get(name, [])]


def _results(host, directory, facts):
    if directory is None:
        facts.update(dict.fromkeys(OF_INSTALLED))
        return
    facts.take("status", lambda: handlers.status(host, directory))
    facts.take("last_sequence", lambda: _ext_result.last_sequence(host, directory))
    facts.take("misplaced", lambda: _vmbackup_conf.misplaced(host, directory))
    settings = facts.take("settings", lambda: _ext_result.settings(host, directory, _clock(host), _enabled(host)))
    thumbprint = settings and settings["thumbprint"]
    facts.take("certificate", lambda: _ext_result.certificate(host, thumbprint) if thumbprint else None)


def _enabled(host):
    """When the agent last ran the extension's command to enable it, by its log; None where that is not known."""
    try:
        text = host.text(AGENT_LOG, _extension_log.TAIL, tail=True)
    except Missing:
        return None
    return _extension_commands.enabled_at(text or "", handlers.NAME)


def _clock(host):
    """The time by which files have an age: that of the last line of the agent's log in a tree; None where unknown."""
    try:
        return time.time() if host.live else _agent_log.last_time(host)
    except Missing:
        return None


def _logs(host, directory, facts):
    folder = handlers.log_dir(host, directory)
    for name, file, read in (
        ("last_run", folder + "/extension.log", _extension_log.last_run),
        ("launch", folder + "/shell.log", _extension_commands.last_launch),
        ("command", folder + "/CommandExecution.log", _extension_commands.command_error),
        ("agent_log", AGENT_LOG, lambda text: _extension_commands.agent_word(text, handlers.NAME)),
    ):
        facts.take(name, lambda file=file, read=read: _log(host, file, read))


def _log(host, path, read):
    try:
        text = host.text(path, _extension_log.TAIL, tail=True)
    except Missing as missing:
        if "not a regular file" in str(missing):
            return None
        raise
    found = read(cut(text)) if text else None
    return found and dict(found, read_from=path)


def _workload(host):
    """The database that the extension is told to prepare, or None."""
    for line in (host.text(WORKLOAD_CONF) or "").splitlines():
        name, mark, value = line.partition("=")
        if mark and name.strip() == "workload_name" and value.strip().strip("\"'"):
            return {"name": value.strip().strip("\"'"), "read_from": WORKLOAD_CONF}
    return None
