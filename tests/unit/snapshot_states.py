# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Guest states with a snapshot extension: a healthy one, of which tests change what they are about."""

import copy

from support import guest

FOLDER = "/var/lib/waagent/Microsoft.Azure.RecoveryServices.VMSnapshotLinux-1.0.9232.0"
CAPTURED = "2026-11-23T02:00:00Z"
CAPTURED_UNIX = 1795399200
PYTHON = {"path": "/usr/bin/python3", "version": "3.11.2", "lacks": [], "error": None, "tried": True}

EXTENSION = {
    "lib_dir": {"path": "/var/lib/waagent", "read_from": "default"},
    "versions": ["1.0.9232.0"],
    "wrong_os": [],
    "installed": {
        "version": "1.0.9232.0",
        "path": FOLDER,
        "state": "Enabled",
        "status": {"status": "Ready", "code": 0, "message": "Plugin enabled", "read_from": FOLDER + "/config"},
        "launcher": True,
        "environment": True,
        "log_dir": "/var/log/azure/Microsoft.Azure.RecoveryServices.VMSnapshotLinux",
        "program": True,
        "manifest": {"error": None, "absent": [], "read_from": FOLDER + "/HandlerManifest.json"},
        "helpers": [{"path": "main/safefreeze/bin/safefreeze", "size": 9, "executable": True}],
        "read_from": FOLDER,
    },
    "interpreter": {
        "candidates": [PYTHON],
        "usable": "/usr/bin/python3",
        "needs": [],
        "tries_each": True,
        "complete": True,
        "read_from": FOLDER + "/main/handle.sh",
    },
    "settings": {
        "sequence": 7,
        "readable": True,
        "public": True,
        "protected": False,
        "thumbprint": None,
        "read_from": FOLDER + "/config/7.settings",
    },
    "certificate": None,
    "status": {
        "code": 1,
        "word": "success",
        "reported_word": "success",
        "message": "Enable Succeeded",
        "sequence": 7,
        "written": CAPTURED_UNIX - 3600,
        "read_from": FOLDER + "/status/7.status",
    },
    "last_sequence": 7,
    "last_run": {
        "started": "2026-11-23 01:00:00",
        "ended": "2026-11-23 01:01:00",
        "code": 1,
        "word": "success",
        "mounts": ["/data", "/"],
        "freezing": True,
        "frozen": True,
        "thawed": True,
        "failures": [],
        "pre_snapshot": 200,
        "signatures": [],
        "read_from": "/var/log/azure/extension.log",
    },
    "launch": {"returned": 0, "no_python": False, "read_from": "/var/log/azure/shell.log"},
    "command": None,
    "agent_log": None,
    "conf": None,
    "misplaced": None,
    "lock": {"exists": False, "holder": None, "read_from": "SafeFreezeLockFile"},
    "scripts": None,
    "workload": None,
    "policy": {
        "enabled": False,
        "exists": False,
        "error": None,
        "listed_only": False,
        "listed": False,
        "signature_required": False,
        "read_from": "/etc/waagent_policy.json",
    },
    "other_products": [],
}

MOUNT = {
    "source": "/dev/sda1",
    "fstype": "ext4",
    "root": "/",
    "options": "rw,relatime",
    "errors": 0,
    "suspended": None,
    "open_error": None,
    "turned_read_only": False,
    "read_from": "/proc/self/mountinfo",
}

STORAGE = {
    "mounts_from": "/proc/self/mountinfo",
    "lib_dir": {
        "path": "/var/lib/waagent",
        "exists": True,
        "owner": 0,
        "mode": "700",
        "mount": {
            "target": "/",
            "source": "/dev/sda1",
            "fstype": "ext4",
            "device": "8:1",
            "root": "/",
            "options": "rw,relatime",
            "read_from": "/proc/self/mountinfo",
        },
        "noexec": False,
        "read_only": False,
        "read_from": "/proc/self/mountinfo",
    },
    "space": [
        {
            "paths": ["/var/lib/waagent", "/", "/var", "/var/log", "/tmp"],
            "mount": "/",
            "total_mib": 30000.0,
            "free_mib": 20000.0,
            "root_free_mib": 21500.0,
            "used_percent": 30.0,
            "inodes": 1900000,
            "free_inodes": 1800000,
            "inodes_used_percent": 5.3,
            "entries": None,
            "largest": None,
        }
    ],
    "lsblk": {
        "path": "/usr/bin/lsblk",
        "error": None,
        "answers": True,
        "complete": True,
        "read_from": "/usr/bin/lsblk",
    },
    "frozen": [dict(MOUNT, target="/data", device="8:33"), dict(MOUNT, target="/", device="8:1")],
    "twice": [],
    "network": [],
}

IDENTITY = {
    "os": {"id": "debian", "id_like": [], "version_id": "12", "name": "Debian", "read_from": "/etc/os-release"},
    "kernel": "6.1.0-18-cloud-amd64",
    "machine": "x86_64",
    "uptime_s": 864000.0,
}


def snapshot(mode="live", missing=None, extension=None, storage=None, identity=None):
    """A guest whose backups work, with facts replaced: ``extension={"status.code": 121}``."""
    return dict(
        guest(
            mode=mode,
            missing=missing,
            identity=_changed(IDENTITY, identity),
            extension=_changed(EXTENSION, extension),
            storage=_changed(STORAGE, storage),
        ),
        captured=CAPTURED,
    )


def without(raw, section, *names, reason="root"):
    """The state with facts missing for a reason."""
    for name in names:
        del raw[section][name]
        raw["missing"][f"{section}.{name}"] = reason
    return raw


def ended(code, **run):
    """Facts of an extension whose last backup ended with a code, and of the run's log."""
    facts = {"status.code": code, "status.word": "error", "last_run.code": code, "last_run.word": "error"}
    facts.update((f"last_run.{name}", value) for name, value in run.items())
    return facts


def not_installed():
    """Facts of a guest before its first backup."""
    names = ("installed", "settings", "certificate", "status", "last_run", "launch", "last_sequence")
    return dict(dict.fromkeys(names), versions=[])


def conf(error=None, elsewhere=(), lsblk_user=None, unreadable=(), **options):
    """A vmbackup.conf as the probe states it."""
    return {
        "conf": {
            "error": error,
            "options": options,
            "unreadable": list(unreadable),
            "elsewhere": list(elsewhere),
            "lsblk_user": lsblk_user,
            "read_from": "/etc/azure/vmbackup.conf",
        }
    }


def _changed(section, changes):
    facts = copy.deepcopy(section)
    for path, value in (changes or {}).items():
        *above, name = path.split(".")
        node = facts
        for part in above:
            node = node[part]
        node[name] = value
    return facts
