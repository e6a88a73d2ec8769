# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked: an ssh that answers at once, or booted guests of the lab. Both write the inventory of a size."""

from __future__ import annotations

import base64
import json
import pathlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager

REPO = pathlib.Path(__file__).resolve().parent.parent
STATE = REPO / "examples/fleet/captures/debian-12.json"
GUESTS = 4
"""Guests that share the addresses of a fleet: two cores carry no more, whatever the targets are."""

# Keeps what is sent for wc, finds in it which module is asked, and answers with what such a module says.
_SSH = """#!/bin/sh
cat > "$BENCH/sent.$$"
wc -c < "$BENCH/sent.$$" >> "$BENCH/trips"
module=$(grep -aoE -m 1 'plugins[./]modules[./][a-z_]+|ansible[./]modules[./][a-z_]+' "$BENCH/sent.$$" | head -n 1)
rm "$BENCH/sent.$$"
module=${module##*[./]}
cat "$BENCH/answers/${module:-script}"
"""


class Stub:
    """Hosts behind an ssh client that answers at once: what is left is the controller's own cost."""

    name = "an ssh that answers at once"
    guests = None

    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        self.client = folder / "ssh"
        self.client.write_text(_SSH)
        self.client.chmod(0o755)
        (folder / "answers").mkdir()
        for module, answer in answers().items():
            (folder / "answers" / module).write_text(json.dumps(answer))
        # No module is named in what is sent: it is the plain script.
        (folder / "answers/script").write_text(json.dumps(json.loads(STATE.read_text("utf-8"))))

    def inventory(self, count: int) -> dict:
        settings = {
            "ansible_connection": "ssh",
            "ansible_ssh_executable": str(self.client),
            "ansible_python_interpreter": "/usr/bin/python3",
            "ansible_become": False,
        }
        hosts = {f"guest{number}": {"ansible_host": f"192.0.2.{number}"} for number in range(count)}
        return {"all": {"hosts": hosts, "vars": settings}}

    @property
    def environment(self) -> dict[str, str]:
        return {"BENCH": str(self.folder)}

    def trips(self) -> list[int]:
        """Bytes that each call of ssh was given, since the last question."""
        log = self.folder / "trips"
        sizes = [int(line) for line in log.read_text().split()] if log.exists() else []
        log.unlink(missing_ok=True)
        return sizes


class Guests:
    """Booted guests behind real sshd; more hosts than guests are further addresses of the same guests."""

    name = "real sshd"

    def __init__(self, lab):
        self.lab = lab
        self.guests = [lab.host(f"bench{number}") for number in range(GUESTS)]
        for guest in self.guests:
            guest.wait_ready()
            guest.wait_agent()
            # The fleet's log-ins all reach these few.
            guest.exec("echo 'MaxStartups 200' > /etc/ssh/sshd_config.d/bench.conf; systemctl reload ssh")

    def inventory(self, count: int) -> dict:
        hosts = {}
        for number in range(count):
            guest = self.guests[number % GUESTS]
            address = guest.address if number < GUESTS else f"10.77.{100 + number // 200}.{1 + number % 200}"
            if number >= GUESTS:
                guest.exec(["ip", "address", "replace", f"{address}/32", "dev", "eth0"])
            hosts[f"guest{number}"] = {"ansible_host": address}
        sys.path.insert(0, str(REPO / "tests"))
        from lab import inventory

        return {"all": {"hosts": hosts, "vars": inventory.build(self.lab, [])["lab"]["vars"]}}

    environment: dict[str, str] = {}

    def trips(self) -> list[int]:
        return []


@contextmanager
def booted() -> Iterator[Guests]:
    """A lab of this process's own, with its guests, for as long as the context lasts."""
    sys.path.insert(0, str(REPO / "tests"))
    from lab import Lab

    lab = Lab.own()
    try:
        lab.up()
        yield Guests(lab)
    finally:
        lab.down()


def answers() -> dict[str, dict]:
    """Module -> what it says of a Debian guest, in the size that it has there."""
    conf = base64.b64encode(b"Provisioning.Enabled=y\nExtensions.Enabled=y\n" * 40).decode()
    services = {f"unit{number}.service": _service(number) for number in range(150)}
    services["walinuxagent.service"] = {**_service(0), "state": "running"}
    packages = {f"package{number}": [_package(number)] for number in range(300)}
    hardware = {f"ansible_fact{number}": {"name": "value" * 10, "list": [1, 2, 3]} for number in range(150)}
    return {
        "ping": {"ping": "pong"},
        "linux_guest_state_info": {"state": json.loads(STATE.read_text("utf-8"))},
        "setup": {"ansible_facts": hardware},
        "service_facts": {"ansible_facts": {"services": services}},
        "package_facts": {"ansible_facts": {"packages": packages}},
        "slurp": {"content": conf, "encoding": "base64", "source": "/etc/waagent.conf"},
        "systemd_service": {"status": {f"Property{number}": "value" * 4 for number in range(250)}},
        "command": {"rc": 0, "stdout": "line\n" * 100, "stderr": "", "start": "", "end": "", "delta": ""},
        "stat": {"stat": {"exists": False}},
        "find": {"files": [], "matched": 0, "examined": 10},
        "wait_for": {"elapsed": 0, "state": "started"},
        "uri": {"status": 200, "content": "<Versions/>" * 20},
    }


def _service(number: int) -> dict:
    return {"name": f"unit{number}.service", "state": "stopped", "status": "enabled", "source": "systemd"}


def _package(number: int) -> dict:
    name = f"package{number}"
    return {"name": name, "version": "1.2.3-4", "arch": "amd64", "category": "admin", "origin": "", "source": "apt"}
