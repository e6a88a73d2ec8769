# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Agent sections of guest states: a healthy Debian guest, and what the tests change in it."""

import copy

from support import guest

LIVE_ONLY = ("start_files", "daemon", "daemons", "handler", "handlers", "status", "cgroups")

HEALTHY = {
    "paths": {"lib_dir": "/var/lib/waagent", "log_dir": "/var/log/azure", "read_from": "/etc/waagent.conf"},
    "binary": {"path": "/usr/sbin/waagent", "executable": True, "mode": "0755", "read_from": "/usr/sbin/waagent"},
    "unit": {
        "name": "walinuxagent.service",
        "kind": "systemd",
        "load": "loaded",
        "masked_by": None,
        "enabled": "enabled",
        "active": "active",
        "sub": "running",
        "result": "success",
        "condition_result": True,
        "conditions": [],
        "confinement": [],
        "exec": ["/usr/sbin/waagent", "-daemon"],
        "restart": "always",
        "restart_s": 5.0,
        "start_limit_burst": 5,
        "read_from": ["walinuxagent.service (/usr/lib/systemd/system/walinuxagent.service)"],
    },
    "other_units": [],
    "start_files": [{"path": "/etc/waagent.conf", "age_s": 90000}],
    "default_gate": {"required": False, "value": None, "read_from": "/etc/default/walinuxagent"},
    "daemon": {
        "pid": 90,
        "age_s": 9000,
        "state": "S",
        "command": ["waagent", "-daemon"],
        "read_from": "/proc/90/cmdline",
    },
    "daemons": 1,
    "handler": {"pid": 117, "age_s": 8999, "state": "S", "command": [], "read_from": "/proc/117/cmdline"},
    "modules": [{"path": "/usr/lib/python3/dist-packages/azurelinuxagent", "python": "3", "version": "2.7.3.0"}],
    "interpreter": {
        "lacks": None,
        "command": "/usr/bin/python3",
        "resolved": "/usr/bin/python3.11",
        "version": "3.11",
        "exists": True,
        "imports": True,
        "error": None,
        "package_elsewhere": None,
        "read_from": "/usr/sbin/waagent:1",
    },
    "installed": {"version": "2.7.3.0", "read_from": "version.py"},
    "package": {"status": "install ok installed", "read_from": "/var/lib/dpkg/status"},
    "downloaded": [],
    "version": {"value": "2.7.3.0", "of": "running", "read_from": "/proc/117/cmdline"},
    "pid_file": {"pid": 90, "alive": True, "is_agent": True, "read_from": "/run/waagent.pid"},
    "disabled_by": None,
    "system_log": None,
    "log": {
        "repeated": [],
        "size": 9690,
        "last_line_age_s": 60,
        "handler_starts": 0,
        "current": {},
        "earlier": {},
        "read_from": "/var/log/waagent.log",
    },
    "log_dir": {"exists": True, "is_directory": True, "owner": 0, "mode": "0755", "read_from": "/var/log/azure"},
    "status": {"age_s": 3, "read_from": "/var/lib/waagent/waagent_status.1.json"},
    "goal_state_files": {
        "count": 1,
        "lowest": 1,
        "highest": 1,
        "incarnation": 1,
        "current_is_there": True,
        "read_from": "/var/lib/waagent",
    },
    "provisioning": {
        "agent": "cloud-init",
        "legacy": {},
        "provisioned": True,
        "ovf_env": True,
        "cloud_init": {"installed": False, "off_by": None},
        "udf": None,
        "read_from": "/var/lib/waagent",
    },
    "openssl": {
        "config_unset": None,
        "exists": True,
        "executable": True,
        "version": "OpenSSL 3.0.20",
        "error": None,
        "config": None,
        "config_exists": None,
        "read_from": "/usr/bin/openssl",
    },
    "ca": {
        "file": None,
        "directory": None,
        "bundles": ["/etc/ssl/certs/ca-certificates.crt"],
        "directories": ["/etc/ssl/certs"],
        "read_from": "certificate stores",
    },
    "cgroups": {"controllers": ["cpu", "memory"], "read_from": "/proc/cgroups"},
}

STOPPED = {
    "daemon": None,
    "daemons": 0,
    "handler": None,
    "unit": {"active": "inactive", "sub": "dead"},
    "pid_file": None,
    "status": {"age_s": 7200},
}
"""The agent does not run."""


def healthy(*changes, **more):
    """A guest whose agent section is healthy but for ``changes``: mappings are merged, other values replace."""
    agent = copy.deepcopy(HEALTHY)
    for change in (*changes, more):
        _merge(agent, copy.deepcopy(change))
    return guest(agent=agent)


def tree(*changes, **more):
    """The same guest, read from a tree: what only a running system says is missing."""
    state = healthy(*changes, **more)
    state["mode"] = "tree"
    for name in LIVE_ONLY:
        if state["agent"].pop(name, None) is not None or name in ("daemon", "handler", "status"):
            state["missing"][f"agent.{name}"] = "live"
    for name in ("active", "sub", "result", "condition_result"):
        state["agent"]["unit"].pop(name, None) if state["agent"]["unit"] else None
        state["missing"][f"agent.unit.{name}"] = "live"
    return state


def saying(name, text="a line", count=1, age_s=60):
    """A change: the log's end holds this message, and nothing later ends it."""
    return {"log": {"current": {name: {"text": text, "count": count, "age_s": age_s}}}}


def without(name, reason="root"):
    """A guest whose fact ``agent.<name>`` is missing."""
    state = healthy()
    del state["agent"][name]
    state["missing"][f"agent.{name}"] = reason
    return state


def _merge(target, change):
    for name, value in change.items():
        if isinstance(value, dict) and isinstance(target.get(name), dict):
            _merge(target[name], value)
        else:
            target[name] = value
