# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The dead-man switch as an enabled unit of systemd, there for as long as nothing is decided.

systemd starts it anew when it is killed, and at a boot before the network, so that the old files are back by then.
"""

import os
import socket

from . import atomic, commands
from .systemd import DROPIN_DIRECTORY, Systemd, exec_line

DIRECTORY = DROPIN_DIRECTORY
BEFORE_NETWORK = "network-pre.target"
# Not all of them wait for that target, and no unit needs to exist.
_NETWORKS = (
    "networking.service network.service NetworkManager.service systemd-networkd.service "
    "wickedd.service wicked.service dhcpcd.service"
)
# Status 0: the watcher has done its work. What the network's tools leave running (a DHCP client) is not the unit's.
_TEXT = """# Written by vmbackup.azure. It goes once the change is confirmed or taken back.
[Unit]
Description=Take back the network change {run_id} unless it is confirmed
DefaultDependencies=no
After=local-fs.target
Wants={before}
Before={before} {networks} shutdown.target
Conflicts=shutdown.target
StartLimitIntervalSec=0

[Service]
Type=notify
ExecStart={command}
Restart=always
RestartSec=2
RestartPreventExitStatus=0
KillMode=process

[Install]
WantedBy=sysinit.target
"""
# Where systemd before 230 looks for it.
_OLD_LIMIT = ("StartLimitIntervalSec=0\n", "RestartSec=2\n", "RestartSec=2\nStartLimitInterval=0\n")


def name_of(run_id):
    """Return the name of a run's unit; all characters of a run id are good in it."""
    return "vmbackup-guard-{}.service".format(run_id)


def check():
    """Raise ChangeError where no unit can be written."""
    atomic.check_writable(os.path.join(DIRECTORY, name_of("check")))


def start(run_id, argv):
    """Make the unit, enabled, and start it; returns when the watcher runs. Raises ChangeError."""
    systemd = Systemd()
    path, link = _paths(run_id)
    text = _TEXT.format(run_id=run_id, before=BEFORE_NETWORK, networks=_NETWORKS, command=exec_line(argv))
    if 0 < systemd.version() < 230:
        unknown, known, both = _OLD_LIMIT
        text = text.replace(unknown, "").replace(known, both)
    atomic.replace(path, atomic.FileState(text.encode(), 0o644, os.geteuid(), os.getegid()))
    atomic.make_directories(os.path.dirname(link))
    os.symlink(path, link)
    atomic.sync_directory(os.path.dirname(link))
    systemd.reload()
    systemd.do("start", name_of(run_id))


def stop(run_id):
    """End the watcher, if it runs."""
    if Systemd.is_running():
        commands.run(["systemctl", "stop", name_of(run_id)])


def remove(run_id):
    """Take the unit away, as far as it is there; for the watcher, as the last thing it does.

    Without a reload: a unit that runs would lose its settings, and with KillMode= the DHCP client that it started.
    """
    path, link = _paths(run_id)
    for one in (link, path):
        try:
            os.unlink(one)
        except FileNotFoundError:
            continue
        atomic.sync_directory(os.path.dirname(one))


def is_there(run_id):
    """Tell whether the unit exists."""
    return any(os.path.lexists(path) for path in _paths(run_id))


def runs(run_id):
    """Tell whether systemd has not seen the end of the watcher yet."""
    return Systemd.is_running() and commands.run(["systemctl", "is-active", "--quiet", name_of(run_id)]).rc == 0


def is_before_network():
    """Tell whether this is a boot that waits for us with the network."""
    result = commands.run(["systemctl", "show", "--no-pager", "-p", "ActiveState", BEFORE_NETWORK])
    return result.rc == 0 and result.out.strip() == "ActiveState=inactive"


def tell_started():
    """Tell systemd, once, that the watcher runs or that a boot may go on."""
    address = os.environ.pop("NOTIFY_SOCKET", "")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as notify:
        notify.connect("\0" + address[1:] if address.startswith("@") else address)
        notify.send(b"READY=1")


def _paths(run_id):
    unit = name_of(run_id)
    return os.path.join(DIRECTORY, unit), os.path.join(DIRECTORY, "sysinit.target.wants", unit)
