# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The agent's service where systemd does not run it: upstart jobs, OpenRC and System V scripts."""

import re

from .agent import SERVICES

SCRIPT_DIRECTORIES = ("/etc/init.d", "/etc/rc.d/init.d", "/usr/local/etc/rc.d", "/etc/rc.d")
RUNLEVEL_DIRECTORIES = tuple("/etc/rc{0}.d".format(level) for level in "2345") + tuple(
    "/etc/rc.d/rc{0}.d".format(level) for level in "2345"
)
DEFAULTS = "/etc/default/walinuxagent"
GATE = "WALINUXAGENT_ENABLED"
_ASSIGNED = re.compile(
    rb"""^([ \t]*(?:export[ \t]+)?WALINUXAGENT_ENABLED=)("[^"\n]*"|'[^'\n]*'|[^ \t;\n]*)""", re.MULTILINE
)


def describe(host, names=SERVICES):
    """The service as the guest state says it, in the words that a unit has; None when there is no script."""
    for name in names:
        job = "/etc/init/{0}.conf".format(name)
        if host.exists(job):
            return _upstart(host, name, job)
    for name in names:
        for directory in SCRIPT_DIRECTORIES:
            path = "{0}/{1}".format(directory, name)
            info = host.stat(path)
            if info is not None:
                return _script(host, name, path)
    return None


def _upstart(host, name, job):
    override = "/etc/init/{0}.override".format(name)
    manual = any(line.strip() == "manual" for line in (host.text(override) or "").splitlines())
    text = host.text(job) or ""
    lines = [line.strip() for line in text.splitlines()]
    command = next((line.split()[1:] for line in lines if line.startswith("exec ")), [])
    return _stated(
        name,
        "upstart",
        job,
        "disabled" if manual or not any(line.startswith("start on") for line in lines) else "enabled",
        command,
        "always" if "respawn" in lines else "no",
    )


def _script(host, name, path):
    text = host.text(path) or ""
    openrc = "openrc-run" in text.split("\n", 1)[0]
    if openrc:
        levels = host.names("/etc/runlevels")
        enabled = any(host.exists("/etc/runlevels/{0}/{1}".format(level, name)) for level in levels)
    else:
        enabled = any(
            entry.startswith("S") and entry.lstrip("S0123456789") == name
            for directory in RUNLEVEL_DIRECTORIES
            for entry in host.names(directory)
        )
    respawns = openrc and "supervise-daemon" in text
    return _stated(
        name,
        "openrc" if openrc else "sysvinit",
        path,
        "enabled" if enabled else "disabled",
        [],
        "always" if respawns else "no",
    )


def _stated(name, kind, path, enabled, command, restart):
    return {
        "name": name,
        "kind": kind,
        "load": "loaded",
        "masked_by": None,
        "enabled": enabled,
        "fragment": path,
        "drop_ins": [],
        "exec": command,
        "restart": restart,
        "conditions": [],
        "read_from": path,
    }


def gate(host, service):
    """The switch in /etc/default that the start script obeys: ``{required, value, read_from}``."""
    path = service.get("fragment")
    required = service["kind"] != "systemd" and GATE in (host.text(path) or "")
    value, line = _switch(host.read(DEFAULTS) or b"")
    return {
        "required": required,
        "value": value,
        "present": host.exists(DEFAULTS),
        "read_from": DEFAULTS if line is None else "{0}:{1}".format(DEFAULTS, line),
    }


def _switch(data):
    """``(value, line)`` of the last assignment, as the shell takes it; two None when there is none."""
    found = list(_ASSIGNED.finditer(data))
    if not found:
        return None, None
    return _value(found[-1]).decode("utf-8", "replace"), data.count(b"\n", 0, found[-1].start()) + 1


def _value(found):
    return found.group(2).strip(b"\"'")


def open_gate(data):
    """The bytes of the file with its switch on, where it has one."""
    return _ASSIGNED.sub(lambda found: found.group() if _value(found) == b"1" else found.group(1) + b"1", data)
