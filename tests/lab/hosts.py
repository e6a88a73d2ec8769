# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One guest: a booted Debian with the real waagent, from its first boot to its end."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import stat
import subprocess
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import disk, namespace
from .cgroup import Group
from .command import PATIENCE, LabError, run, wait_until
from .fabric.extension import NAME as EXTENSION_NAME
from .faults import GuestFaults
from .services import spawn
from .settings import USER

if TYPE_CHECKING:
    from .core import Lab

_SUPERVISE = Path(__file__).with_name("supervise.sh")
_ENVIRONMENT = {
    "HOME": "/root",
    "LANG": "C.UTF-8",
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "USER": "root",
}
# What changes by itself on an idle guest.
VOLATILE = (
    *("/var/lib/dhcp", "/var/lib/systemd", "/var/lib/waagent", "/var/lib/private"),
    *("/etc/resolv.conf", "/etc/machine-id", "/etc/mtab"),
)


@dataclass(frozen=True)
class Spec:
    """What a guest is made of. ``client``: see clients.py; ``option_245``: azure, wrong or none."""

    name: str
    number: int
    suite: str
    image: str
    client: str = "dhclient"
    option_245: str = "azure"
    agent: bool = True

    @property
    def address(self) -> str:
        return f"10.77.{1 + self.number // 256}.{self.number % 256}"

    @property
    def mac(self) -> str:
        """In the range of addresses that Azure gives to its guests."""
        return f"00:22:48:00:{self.number // 256:02x}:{self.number % 256:02x}"


class Host:
    """A guest of the lab. Its commands run as root by way of namespaces, so they work without its network."""

    def __init__(self, lab: Lab, spec: Spec):
        self.lab = lab
        self.spec = spec
        self.name = spec.name
        self.address = spec.address
        self.group: Group = lab.group.child("hosts").child(spec.name)
        self.netns = lab.settings.host_netns(spec.name)
        self.disk = lab.settings.guests / spec.name
        self.faults = GuestFaults(self)

    def __repr__(self) -> str:
        return f"<Host {self.name} {self.address} {self.spec.suite}>"

    # ---- life ------------------------------------------------------------------------------------

    def start(self) -> None:
        """Switch the guest on; a disk that is there is kept."""
        if self.running():
            return
        self.group.end()
        disk.make(self.disk, self.spec, self.lab.settings)
        self.lab.network.connect_host(self.spec.number, self.name, self.spec.mac)
        self.set_option_245(self.spec.option_245)
        # With cgroup2 alone the agent of bullseye mounts cgroup1 controllers by itself; it gets both.
        unified = "0" if self.spec.suite == "bullseye" else "1"
        machine = f"--machine={self.lab.settings.instance}-{self.name}"
        command = [
            *("env", "-i", f"PATH={_ENVIRONMENT['PATH']}", f"SYSTEMD_NSPAWN_UNIFIED_HIERARCHY={unified}"),
            # What a network of its own has below /proc/sys is the guest's to set.
            "SYSTEMD_NSPAWN_API_VFS_WRITABLE=network",
            *("unshare", "--mount", "--propagation=private", "--pid", "--fork", "--kill-child", "--mount-proc"),
            *(str(_SUPERVISE), self.spec.image, str(self.disk), str(namespace.path_of(self.netns))),
            *(machine, f"--hostname={self.name}"),
        ]
        spawn(self.group, command, self.lab.settings.run / "console" / self.name, accounted=True)

    def running(self) -> bool:
        """Whether the guest is switched on; it may still be booting, or hang."""
        return self.group.populated()

    def wait_ready(self, timeout: float = PATIENCE) -> Host:
        """Wait until systemd has finished the boot and sshd greets."""
        wait_until(f"boot of {self.name}", self._booted, timeout)
        self.wait_ssh(timeout)
        return self

    def wait_ssh(self, timeout: float = PATIENCE) -> None:
        """Wait until sshd greets."""
        wait_until(f"sshd of {self.name}", self.answers_ssh, timeout)

    def answers_ssh(self) -> bool:
        return namespace.answers(self.lab.settings.netns, self.address, 22, banner=b"SSH-")

    def reboot(self, timeout: float = PATIENCE) -> None:
        """Reboot from inside and wait for the new boot."""
        before = self.boot_id()
        self.exec(["systemctl", "reboot"], check=False)
        wait_until(f"reboot of {self.name}", lambda: self._leader() and self.boot_id() not in ("", before), timeout)
        self.wait_ready(timeout)

    def boot_id(self) -> str:
        """The id of the running boot; empty between two boots."""
        try:
            return self.exec(["cat", "/proc/sys/kernel/random/boot_id"], check=False, timeout=30).stdout.strip()
        except LabError:  # entered at the moment it went down
            return ""

    def stop(self) -> None:
        """Pull the plug; the disk stays."""
        self.group.end()

    def remove(self) -> None:
        """Pull the plug and throw everything away."""
        self.stop()
        self.lab.network.disconnect_host(self.name)
        self.lab.forget(self)
        shutil.rmtree(self.disk, ignore_errors=True)

    def reset(self) -> Host:
        """Back to the untouched first boot: new disk, no faults, the extension and cable as at the start."""
        self.stop()
        shutil.rmtree(self.disk, ignore_errors=True)
        self.lab.undrop(self)
        self.lab.network.set_cable(self.spec.number, True)
        self.lab.fabric.forget(self.address)
        self.start()
        return self.wait_ready()

    # ---- inside ----------------------------------------------------------------------------------

    def exec(
        self, argv: Sequence[str] | str, *, check: bool = True, timeout: float = PATIENCE, stdin: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command (a string: by sh) as the guest's root, with the rights that the guest's PID 1 has."""
        command = ["sh", "-c", argv] if isinstance(argv, str) else list(argv)
        shown = f"{self.name}: {' '.join(command)}"
        return run(self.entry(command), check=check, timeout=timeout, stdin=stdin, shown=shown)

    def entry(self, command: Sequence[str]) -> list[str]:
        """The command line that enters the guest and runs the command there."""
        leader = self._leader()
        if leader is None:
            return ["sh", "-c", 'echo "the guest does not run" >&2; exit 125']
        spaces = ("--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup", "--root", "--wd")
        environment = [f"{key}={value}" for key, value in _ENVIRONMENT.items()]
        entered = ["nsenter", "--target", str(leader), *spaces, "--", "env", "-i", *environment, *command]
        # The clock and the kernel are the machine's: a command gets no more rights than the guest's PID 1 has.
        rights = ["setpriv", f"--bounding-set={_bounding_set(leader)}", "--inh-caps=-all", "--"]
        return self.lab.group.child("exec").wrap([*rights, *entered])

    def path(self, inside: str) -> Path:
        """A path of the guest as seen from here. Absolute links in it lead to the machine's files: use read()."""
        leader = self._leader()
        if leader is None:
            raise LabError(f"Cannot look into '{self.name}': the guest does not run")
        return Path(f"/proc/{leader}/root") / inside.lstrip("/")

    def read(self, inside: str) -> str:
        return self.exec(["cat", inside]).stdout

    def write(self, inside: str, text: str, mode: str = "0644") -> None:
        """Write a file of root's in the guest, with the directories above it."""
        script = 'mkdir -p "$(dirname "$1")" && cat >"$1" && chmod "$2" "$1"'
        self.exec(["sh", "-c", script, "write", inside, mode], stdin=text)

    def ssh(self, command: str, *, check: bool = True, timeout: float = PATIENCE) -> subprocess.CompletedProcess[str]:
        """Run a command as azureuser over SSH, as Ansible reaches the guest."""
        options = [f"-o{option}" for option in self.lab.ssh_options()]
        line = ["ssh", *options, "-i", str(self.lab.settings.key), f"{USER}@{self.address}", command]
        return run(line, check=check, timeout=timeout, shown=f"{self.name}: {command}")

    def snapshot(self, *roots: str, ignore: Iterable[str] = VOLATILE) -> dict[str, str]:
        """Path -> digest of kind, owner, mode and content, to compare before and after (see ``changes``)."""
        skipped = tuple(ignore)
        found: dict[str, str] = {}
        top = self.path("/")
        for root in roots or ("/etc", "/home", "/opt", "/root", "/usr/local", "/var/lib"):
            for folder, folders, files in os.walk(top / root.lstrip("/")):
                inside = "/" + os.path.relpath(folder, top)
                folders[:] = [name for name in folders if f"{inside}/{name}" not in skipped]
                for name in (".", *folders, *files):
                    where = os.path.normpath(f"{inside}/{name}")
                    if where not in skipped:
                        # What goes away meanwhile is not there.
                        with contextlib.suppress(FileNotFoundError):
                            found[where] = _digest(os.path.join(folder, name))
        return found

    # ---- agent -----------------------------------------------------------------------------------

    def wait_agent(self, timeout: float = PATIENCE, since: float | None = None) -> dict[str, Any]:
        """Wait until the agent reported Ready to the fabric (after a time, epoch); returns the aggregate status."""
        return wait_until(f"agent of {self.name}", lambda: self._agent_status(since or 0), timeout)

    def wait_handler(self, status: str, timeout: float = PATIENCE, name: str = EXTENSION_NAME) -> dict[str, Any]:
        """Wait until the agent reports that status (Ready, NotReady ...) of the extension's handler."""

        def reported() -> dict[str, Any] | None:
            found = self.lab.fabric.handler_status(self.address, name)
            return found if found and found.get("status") == status else None

        return wait_until(f"{name} {status} on {self.name}", reported, timeout)

    def extension_calls(self) -> list[dict[str, Any]]:
        """How the agent called the backup extension's stand-in, oldest first."""
        lines = self.exec(f"cat /var/log/azure/{EXTENSION_NAME}/calls.jsonl", check=False).stdout
        return [json.loads(line) for line in lines.splitlines()]

    def restart_agent(self) -> float:
        """Restart the agent's service; returns the time just before, for wait_agent(since=...)."""
        before = time.time()
        self.exec(["systemctl", "restart", "walinuxagent"])
        return before

    # ---- settings from outside -------------------------------------------------------------------

    def set_option_245(self, flavour: str) -> None:
        """What the next lease says about the wire server: azure, wrong (an address nobody has) or none."""
        self.lab.services.set_lease(self.name, self.spec.mac, self.address, flavour)

    def renew_lease(self) -> None:
        """Ask for a new lease, as a booting guest does."""
        if self.spec.client == "networkd":
            self.exec(["systemctl", "restart", "systemd-networkd"])
        else:
            self.exec("ifdown eth0; ifup eth0")
        self.wait_ssh()

    def record(self) -> dict[str, Any]:
        return asdict(self.spec)

    # ---- details ---------------------------------------------------------------------------------

    def _booted(self) -> bool:
        if not self.running():
            console = self.lab.settings.run / "console" / self.name
            raise LabError(f"Cannot boot '{self.name}': it ended; its console: {console}")
        state = self.exec(["systemctl", "is-system-running"], check=False).stdout.strip()
        return state in ("running", "degraded")

    def _agent_status(self, since: float) -> dict[str, Any] | None:
        status = self.lab.fabric.status(self.address)
        if not status or status["received"] <= since:
            return None
        agent = status.get("aggregateStatus", {}).get("guestAgentStatus", {})
        return status if agent.get("status") == "Ready" else None

    def _leader(self) -> int | None:
        """The guest's PID 1, as the machine numbers it: first process of the guest's own pid namespace."""
        found = {pid: _pids_within(pid) for pid in self.group.pids()}
        # Two namespaces down: the supervisor's, then the guest's.
        levels = min((len(own) for own in found.values() if own), default=0)
        return next((pid for pid, own in found.items() if len(own) == levels + 2 and own[-1] == 1), None)


def changes(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """What differs between two snapshots: '+ path', '- path', '~ path'."""
    added = [f"+ {path}" for path in after.keys() - before.keys()]
    removed = [f"- {path}" for path in before.keys() - after.keys()]
    edited = [f"~ {path}" for path in before.keys() & after.keys() if before[path] != after[path]]
    return sorted([*added, *removed, *edited], key=lambda line: line[2:])


def _status_field(pid: int, field: str) -> list[str]:
    try:
        with open(f"/proc/{pid}/status", encoding="utf-8", errors="replace") as status:
            return next((line.split()[1:] for line in status if line.startswith(f"{field}:")), [])
    except (FileNotFoundError, ProcessLookupError):
        return []


def _pids_within(pid: int) -> list[int]:
    """The process's number in each pid namespace, the machine's first."""
    return [int(number) for number in _status_field(pid, "NSpid")]


def _bounding_set(pid: int) -> str:
    """The capabilities of a process in setpriv's notation."""
    mask = int((_status_field(pid, "CapBnd") or ["0"])[0], 16)
    return ",".join(["-all", *(f"+cap_{bit}" for bit in range(64) if mask >> bit & 1)])


def _digest(path: str) -> str:
    found = os.lstat(path)
    content = b""
    if stat.S_ISLNK(found.st_mode):
        content = os.readlink(path).encode()
    elif stat.S_ISREG(found.st_mode):
        content = Path(path).read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:16]
    return f"{found.st_mode:o} {found.st_uid}:{found.st_gid} {digest}"
