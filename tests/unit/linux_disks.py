# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a RHEL guest in Azure whose disk has /usr and /var as file systems of their own."""

import json

UNIT = "lib/systemd/system/waagent.service"
EXTENSION = "lib/waagent/Microsoft.Azure.RecoveryServices.VMSnapshotLinux-1.0.9224.0"
SETTINGS = '{"runtimeSettings": [{"handlerSettings": {"publicSettings": %s}}]}'
STATUS = json.dumps(
    [{"version": "1", "timestampUTC": "2026-11-23T08:00:00Z", "status": {"status": "success", "code": 1}}]
)
_HOME = f"/var/{EXTENSION}"
MANIFEST = json.dumps(
    [
        {
            "version": 1.0,
            "handlerManifest": {f"{name}Command": f"main/handle.sh {name}" for name in ("enable", "disable")},
        }
    ]
)
ENVIRONMENT = json.dumps(
    [
        {
            "name": "Microsoft.Azure.RecoveryServices.VMSnapshotLinux",
            "version": 1.0,
            "handlerEnvironment": {
                "logFolder": "/var/log/azure/Microsoft.Azure.RecoveryServices.VMSnapshotLinux",
                "configFolder": f"{_HOME}/config",
                "statusFolder": f"{_HOME}/status",
                "heartbeatFile": f"{_HOME}/heartbeat.log",
            },
        }
    ]
)
ROOT = {
    "etc/hostname": "%(name)s\n",
    "etc/os-release": 'ID="rhel"\nVERSION_ID="9.4"\nPRETTY_NAME="Red Hat Enterprise Linux 9.4"\n',
    "etc/waagent.conf": "Provisioning.Agent=cloud-init\nExtensions.Enabled=y\nAutoUpdate.Enabled=y\n",
    "etc/systemd/system/multi-user.target.wants/waagent.service": "-> /usr/lib/systemd/system/waagent.service",
    "etc/fstab": (
        "/dev/mapper/%(name)s-rootlv / ext4 defaults 0 0\n"
        "/dev/mapper/%(name)s-usrlv /usr ext4 defaults 0 0\n"
        "/dev/mapper/%(name)s-varlv /var ext4 defaults 0 0\n"
    ),
    "etc/pki/tls/certs/ca-bundle.crt": "-----BEGIN CERTIFICATE-----\n",
    "bin": "-> usr/bin",
    "lib": "-> usr/lib",
    "sbin": "-> usr/sbin",
}
USR = {
    "bin/env": "",
    "bin/sh": "",
    "bin/python3": "#!/bin/sh\n",
    "bin/openssl": "#!/bin/sh\n",
    "bin/lsblk": "",
    "sbin/waagent": "#!/usr/bin/python3\n",
    UNIT: (
        "[Unit]\nDescription=Azure Linux Agent\n[Service]\nType=simple\n"
        "ExecStart=/usr/bin/python3 -u /usr/sbin/waagent -daemon\nRestart=always\nRestartSec=5\n"
        "[Install]\nWantedBy=multi-user.target\n"
    ),
}
VAR = {
    "lib/waagent/provisioned": "\n",
    "lib/waagent/GoalState.1.xml": "<GoalState><Incarnation>1</Incarnation></GoalState>",
    f"{EXTENSION}/main/handle.py": "",
    f"{EXTENSION}/main/handle.sh": "#!/bin/sh\npython3 main/handle.py $1\n",
    f"{EXTENSION}/main/safefreeze/bin/safefreeze": "#!/bin/sh\n",
    f"{EXTENSION}/HandlerManifest.json": MANIFEST,
    f"{EXTENSION}/HandlerEnvironment.json": ENVIRONMENT,
    f"{EXTENSION}/config/HandlerState": "Enabled",
    f"{EXTENSION}/config/1.settings": SETTINGS % '{"locale": "en-us"}',
    f"{EXTENSION}/status/1.status": STATUS,
    "log/waagent.log": "2026-11-23T08:00:00.000000Z INFO ExtHandler ExtHandler Goal state agent: 2.12.0.2\n",
}
PARTS = {"root": ROOT, "usr": USR, "var": VAR}
FAULTS = {
    "healthy": {},
    "extensions-off": {"root": {"etc/waagent.conf": "Extensions.Enabled=n\n"}},
    "masked": {"root": {"etc/systemd/system/waagent.service": "-> /dev/null"}},
    "asleep": {"var": {"lib/waagent/disable_agent": ""}},
    "no-agent": {"usr": {"sbin/waagent": None, UNIT: None}},
    "no-settings": {"var": {f"{EXTENSION}/config/1.settings": SETTINGS % "{}"}},
}
"""Of each fault the files that differ, by part; None for one that does not exist."""


def write(root, part, name, fault):
    """Writes one file system of a guest."""
    for path, text in {**PARTS[part], **FAULTS[fault].get(part, {})}.items():
        if text is None:
            continue
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if text.startswith("-> "):
            file.symlink_to(text[3:])
        else:
            file.write_text(text.replace("%(name)s", name))
            file.chmod(0o755)
    if part == "root":
        for folder in ("usr", "var", "boot", "proc", "run"):
            (root / folder).mkdir(exist_ok=True)
