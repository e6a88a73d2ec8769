# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""File trees of healthy guests, as their disks would show them, and how a case changes them.

Constructed: paths, unit names and defaults are those that the distributions ship, the contents are cut to what counts.
"""

from __future__ import annotations

import json
import os
import pathlib

LIB = "/var/lib/waagent"
NAME = "Microsoft.Azure.RecoveryServices.VMSnapshotLinux"
VERSION = "1.0.9232.0"
HANDLER = f"{LIB}/{NAME}-{VERSION}"
LOGS = f"/var/log/azure/{NAME}"
AGENT_LOG = "/var/log/waagent.log"

PROGRAM = {"mode": 0o755, "text": ""}

LAUNCHER = """#!/usr/bin/env sh
pythonVersionList="python3.8 python3.7 python3.6 python3.5 python3 python2.7 python2.6 python2 python"
for name in ${pythonVersionList}; do
  cmnd="/usr/bin/${name}"
  [ -f "${cmnd}" ] && "${cmnd}" main/handle.py -$1 && exit 0
  cmnd="/usr/local/bin/${name}"
  [ -f "${cmnd}" ] && "${cmnd}" main/handle.py -$1 && exit 0
done
if [ -f "`which python`" ]; then `which python` main/handle.py -$1; fi
ps -ef | grep waagent
"""

CONF = """# Microsoft Azure Linux Agent Configuration
Extensions.Enabled=y
Provisioning.Agent=auto
ResourceDisk.Format=n
Logs.Verbose=n
OS.RootDeviceScsiTimeout=300
OS.OpensslPath=None
AutoUpdate.Enabled=y
"""

HEALTHY_LOG = """\
2026-03-01T02:00:00.100000Z INFO Daemon Daemon Azure Linux Agent Version: {agent}
2026-03-01T02:00:00.200000Z INFO Daemon Daemon Python: {python}.8
2026-03-01T02:00:01.100000Z INFO Daemon Daemon Wire server endpoint:168.63.129.16
2026-03-01T02:00:02.100000Z INFO ExtHandler ExtHandler Fetched a new incarnation for the goal state [incarnation 3]
2026-03-01T02:00:04.100000Z INFO ExtHandler [{name}-{version}] Target handler state: enabled [incarnation 3]
2026-03-01T02:00:05.100000Z INFO ExtHandler ExtHandler ProcessExtensionsGoalState completed [incarnation_3 912 ms]
2026-03-01T02:30:05.100000Z INFO ExtHandler ExtHandler [HEARTBEAT] Agent WALinuxAgent-{agent} runs [UpdateGSErrors: 0]
"""

HEALTHY_RUN = """\
2026-03-01 02:10:00.100000 [{name}-1.0]starting daemon initially
2026-03-01 02:10:05.100000 [{name}-1.0]PreSnapshot: Status Code: 200
2026-03-01 02:10:05.200000 [{name}-1.0]skipped mount :
2026-03-01 02:10:05.300000 [{name}-1.0]fsfreeze mount :/
2026-03-01 02:10:05.400000 [{name}-1.0]arg : ['{handler}/main/safefreeze/bin/safefreeze', '60', '/']
2026-03-01 02:10:05.500000 [{name}-1.0]proceeded for accepting signals
2026-03-01 02:10:07.100000 [{name}-1.0]****** 4. Freeze Completed (Signal=1 received)
2026-03-01 02:10:09.100000 [{name}-1.0]2026-03-01 02:10:09 Thawing: /
2026-03-01 02:10:11.100000 [{name}-1.0]Enable,success,1,Enable Succeeded,False
"""

STATUS = json.dumps([{"status": {"status": "success", "code": 1, "formattedMessage": {"message": "Enable Succeeded"}}}])
SETTINGS = json.dumps({"runtimeSettings": [{"handlerSettings": {"publicSettings": {"locale": "en-us"}}}]})
ENVIRONMENT = json.dumps([{"handlerEnvironment": {"logFolder": LOGS, "statusFolder": f"{HANDLER}/status"}}])
MANIFEST = json.dumps(
    [{"handlerManifest": {f"{verb}Command": f"main/handle.sh {verb}" for verb in ("install", "enable", "disable")}}]
)
READY = json.dumps({"status": "Ready", "code": 0, "message": "Plugin enabled"})


def unit(python: str, gate: str = "") -> str:
    return (
        "[Unit]\nDescription=Azure Linux Agent\nAfter=network-online.target\n"
        f"ConditionFileIsExecutable=/usr/sbin/waagent\nConditionPathExists=/etc/waagent.conf\n{gate}\n"
        f"[Service]\nType=simple\nExecStart={python} -u /usr/sbin/waagent -daemon\nRestart=always\nRestartSec=5\n\n"
        "[Install]\nWantedBy=multi-user.target\n"
    )


def system(os_release: str, python: str, agent: str, service: str, packages: str, extra: dict) -> dict:
    """A guest with agent and snapshot extension, and a backup that ended well."""
    path = f"/usr/lib/systemd/system/{service}"
    values = {"name": NAME, "version": VERSION, "handler": HANDLER, "agent": agent, "python": python}
    return {
        "/etc/os-release": os_release,
        "/etc/waagent.conf": CONF,
        "/etc/fstab": "/dev/sda1 / ext4 defaults 0 1\n",
        "/etc/ssl/certs/ca-certificates.crt": "certificates",
        path: unit("/usr/bin/python3"),
        f"/etc/systemd/system/multi-user.target.wants/{service}": {"link": path},
        "/lib": {"link": "usr/lib"},
        "/bin": {"link": "usr/bin"},
        "/sbin": {"link": "usr/sbin"},
        "/usr/lib/systemd/systemd": PROGRAM,
        "/usr/bin/env": PROGRAM,
        "/usr/bin/sh": PROGRAM,
        "/usr/bin/openssl": PROGRAM,
        "/usr/bin/lsblk": PROGRAM,
        f"/usr/bin/python{python}": PROGRAM,
        "/usr/bin/python3": {"link": f"python{python}"},
        f"/usr/lib/python{python}/os.py": "",
        f"/usr/lib/python{python}/crypt.py": "",
        f"/usr/lib/python{python}/imp.py": "",
        f"/usr/lib/python{python}/distutils/__init__.py": "",
        "/usr/sbin/waagent": {"mode": 0o755, "text": "#!/usr/bin/python3\n"},
        f"{packages}/azurelinuxagent/common/version.py": f"AGENT_VERSION = '{agent}'\n",
        f"{LIB}/provisioned": "id",
        f"{LIB}/ovf-env.xml": "<x/>",
        f"{HANDLER}/main/handle.sh": {"mode": 0o755, "text": LAUNCHER},
        f"{HANDLER}/main/handle.py": "import os\nimport sys\n",
        f"{HANDLER}/main/safefreeze/bin/safefreeze": {"mode": 0o755, "text": "x"},
        f"{HANDLER}/config/HandlerState": "Enabled",
        f"{HANDLER}/config/HandlerStatus": READY,
        f"{HANDLER}/config/7.settings": SETTINGS,
        f"{HANDLER}/status/7.status": STATUS,
        f"{HANDLER}/HandlerEnvironment.json": ENVIRONMENT,
        f"{HANDLER}/HandlerManifest.json": MANIFEST,
        AGENT_LOG: HEALTHY_LOG.format(**values),
        f"{LOGS}/extension.log": HEALTHY_RUN.format(**values),
        f"{LOGS}/shell.log": "Sun Mar  1 02:10:00 UTC 2026- python3 path exists\n"
        "Sun Mar  1 02:10:11 UTC 2026- 0 returned from handle.py\n",
        **extra,
    }


BASES = {
    "bare": {},
    "rhel-8": system(
        'NAME="Red Hat Enterprise Linux"\nID="rhel"\nID_LIKE="fedora"\nVERSION_ID="8.10"\n',
        "3.6",
        "2.9.1.1",
        "waagent.service",
        "/usr/lib/python3.6/site-packages",
        {
            "/usr/libexec/platform-python3.6": PROGRAM,
            "/usr/libexec/platform-python": {"link": "platform-python3.6"},
            "/etc/ssl/certs/ca-certificates.crt": None,
            "/etc/pki/tls/certs/ca-bundle.crt": "certificates",
            "/etc/selinux/config": "SELINUX=enforcing\nSELINUXTYPE=targeted\n",
            "/etc/sysconfig/network-scripts/ifcfg-eth0": "DEVICE=eth0\nBOOTPROTO=dhcp\nONBOOT=yes\n",
            "/etc/fstab": "/dev/sda2 / xfs defaults 0 0\n",
        },
    ),
    "ubuntu-22.04": system(
        'NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\nVERSION_ID="22.04"\n',
        "3.10",
        "2.7.1.0",
        "walinuxagent.service",
        "/usr/lib/python3/dist-packages",
        {
            "/etc/netplan/50-cloud-init.yaml": "network:\n  version: 2\n  ethernets:\n    eth0:\n      dhcp4: true\n"
            '      match: {macaddress: "00:0d:3a:00:00:01"}\n      set-name: eth0\n',
            "/usr/bin/cloud-init": PROGRAM,
            "/etc/waagent.conf": CONF.replace("Provisioning.Agent=auto", "Provisioning.Agent=cloud-init"),
        },
    ),
    "debian-12": system(
        'NAME="Debian GNU/Linux"\nID=debian\nVERSION_ID="12"\n',
        "3.11",
        "2.9.1.1",
        "walinuxagent.service",
        "/usr/lib/python3/dist-packages",
        {
            "/etc/network/interfaces": "auto lo eth0\niface lo inet loopback\niface eth0 inet dhcp\n",
        },
    ),
    "sles-15": system(
        'NAME="SLES"\nID="sles"\nID_LIKE="suse"\nVERSION_ID="15.5"\n',
        "3.6",
        "2.9.1.1",
        "waagent.service",
        "/usr/lib/python3.6/site-packages",
        {
            "/etc/ssl/certs/ca-certificates.crt": None,
            "/etc/ssl/ca-bundle.pem": "certificates",
            "/etc/sysconfig/network/ifcfg-eth0": "BOOTPROTO='dhcp'\nSTARTMODE='auto'\n",
            "/etc/fstab": "/dev/sda4 / xfs defaults 0 0\n",
        },
    ),
}
BASES["ubuntu-24.04"] = {
    path: content
    for path, content in {
        **BASES["ubuntu-22.04"],
        "/etc/os-release": 'NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\n',
        "/usr/bin/python3.10": None,
        "/usr/bin/python3.12": PROGRAM,
        "/usr/bin/python3": {"link": "python3.12"},
        "/usr/lib/python3.10/os.py": None,
        "/usr/lib/python3.10/crypt.py": None,
        "/usr/lib/python3.10/imp.py": None,
        "/usr/lib/python3.10/distutils/__init__.py": None,
        "/usr/lib/python3.12/os.py": "",
        "/usr/lib/python3.12/crypt.py": "",
    }.items()
    if content is not None
}


def write(folder: pathlib.Path, guest: dict) -> None:
    """Makes the tree of a guest. ``files``: path to text, link, program, or null for none; ``append``: to the end."""
    content = dict(BASES[guest["tree"]])
    for path, text in (guest.get("files") or {}).items():
        _without_below(content, path, text)
        content[path] = text
    for path, text in (guest.get("append") or {}).items():
        content[path] = (content.get(path) or "") + text
    for number in range(*(guest.get("many") or {}).get("numbers", (0, 0))):
        content[guest["many"]["path"].format(number)] = ""
    # Links of directories first: what lies below them goes where they lead.
    for path in sorted(content, key=lambda path: (not _is_link(content[path]), path)):
        _place(folder, path, content[path])


def _without_below(content: dict, path: str, text) -> None:
    if text is None:
        for below in [other for other in content if other.startswith(path.rstrip("/") + "/")]:
            del content[below]


def _is_link(what) -> bool:
    return isinstance(what, dict) and "link" in what


def _place(folder: pathlib.Path, path: str, what) -> None:
    place = folder / path.lstrip("/")
    if what is None:
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    if path.endswith("/"):
        place.mkdir(exist_ok=True)
    elif _is_link(what):
        os.symlink(what["link"], place)
    elif isinstance(what, dict) and "lines" in what:
        place.write_text("\n".join(what["lines"] * what.get("times", 1)) + "\n", "utf-8")
    elif isinstance(what, dict):
        place.write_text(what["text"], "utf-8")
        place.chmod(what["mode"])
    else:
        place.write_text(what, "utf-8")
        place.chmod(0o644)
