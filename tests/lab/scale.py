# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures a fleet: ``python -m lab.scale 50`` boots it, waits for its agents, asks it by Ansible, and ends it."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .core import Lab
from .hosts import Host
from .settings import Settings

_MIB = 1024 * 1024


def available_memory() -> int:
    """Bytes that this machine could still give to new processes."""
    lines = dict(line.split(":") for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines())
    return int(lines["MemAvailable"].split()[0]) * 1024


def proportional_memory(hosts: list[Host]) -> int:
    """Bytes of all processes of the guests; a page that several share counts once."""
    return sum(_proportional(pid) for host in hosts for pid in host.group.pids())


def _proportional(pid: int) -> int:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(int(line.split()[1]) * 1024 for line in rollup.splitlines() if line.startswith("Pss:"))


def measure(lab: Lab, count: int) -> dict[str, Any]:
    """Bring up so many guests and return times in seconds and memory in MiB a host."""
    results: dict[str, Any] = {"hosts": count}

    def timed(name: str, action: Callable[[], Any]) -> Any:
        started = time.monotonic()
        outcome = action()
        results[name] = round(time.monotonic() - started, 1)
        return outcome

    lab.up()
    before = available_memory()
    hosts = timed("boot_s", lambda: lab.fleet(count))
    timed("agents_s", lambda: [host.wait_agent(timeout=60 + 5 * count) for host in hosts])
    results["machine_mib_per_host"] = round((before - available_memory()) / count / _MIB, 1)
    results["processes_mib_per_host"] = round(proportional_memory(hosts) / count / _MIB, 1)
    charged = [host.group.memory() or 0 for host in hosts]
    results["charged_mib_per_host"] = round(sum(charged) / count / _MIB, 1)
    ping = [{"hosts": "all", "gather_facts": False, "tasks": [{"ansible.builtin.ping": {}}]}]
    answers = timed("ping_s", lambda: lab.playbook(ping, hosts=hosts, timeout=60 + 10 * count))
    results["answered"] = len(answers.of(status="ok"))
    timed("down_s", lab.down)
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=50)
    lab = Lab(Settings.from_environment("scale"))
    try:
        print(json.dumps(measure(lab, parser.parse_args().count), indent=2))
    finally:
        lab.down()


if __name__ == "__main__":
    main()
