# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times a diagnosis beside ``ping`` and beside stock modules, in turn in one run; ratios pair by pair.

python benchmarks/run.py -i INVENTORY           real hosts (the lab makes some: docs/lab.md)
python benchmarks/run.py --stub 100             the controller alone: an ssh that answers at once
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
REPO = HERE.parent
PLAYBOOKS = {"ping": HERE / "ping.yml", "diagnose": REPO / "playbooks/diagnose.yml", "stock": HERE / "stock.yml"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("-i", "--inventory", help="inventory of real hosts")
    source.add_argument("--stub", type=int, metavar="HOSTS", help="so many hosts behind an ssh that answers at once")
    parser.add_argument("-n", "--rounds", type=int, default=5)
    parser.add_argument("--forks", type=int, default=20)
    parser.add_argument("--stock", action="store_true", help="time the stock modules too (once: they are slow)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(pathlib.Path(folder), options)
        bench.once("ping"), bench.once("diagnose")  # warm caches and connections
        for _ in range(options.rounds):
            bench.once("ping", keep=True)
            bench.once("diagnose", keep=True)
        if options.stock:
            bench.once("stock", keep=True)
        bench.show()


class Bench:
    def __init__(self, folder: pathlib.Path, options: argparse.Namespace):
        self.folder, self.options = folder, options
        self.samples: dict[str, list[dict[str, float]]] = {}
        self.environment = {
            **os.environ,
            "ANSIBLE_CONFIG": str(REPO / "ansible.cfg"),
            "ANSIBLE_FORKS": str(options.forks),
            "BENCH_LOG": str(folder / "round-trips"),
        }
        self.inventory = options.inventory or self._stub_inventory(options.stub)

    def _stub_inventory(self, count: int) -> str:
        client = self.folder / "ssh"
        client.write_text('#!/bin/sh\nwc -c >> "$BENCH_LOG"\ncat "$BENCH_ANSWER"\n')
        client.chmod(0o755)
        state = json.loads((REPO / "examples/fleet/captures/debian-12.json").read_text("utf-8"))
        (self.folder / "ping").write_text(json.dumps({"changed": False, "ping": "pong"}))
        (self.folder / "diagnose").write_text(json.dumps(state))
        variables = {
            "ansible_connection": "ssh",
            "ansible_ssh_executable": str(client),
            "ansible_python_interpreter": "/usr/bin/python3",
            "ansible_become": False,
        }
        inventory = self.folder / "inventory.json"
        hosts = {f"guest{number}": {} for number in range(count)}
        inventory.write_text(json.dumps({"all": {"hosts": hosts, "vars": variables}}))
        return str(inventory)

    def once(self, name: str, keep: bool = False) -> None:
        """Runs one playbook to its end and keeps what it took."""
        log = pathlib.Path(self.environment["BENCH_LOG"])
        log.write_text("")
        command = [
            str(pathlib.Path(sys.executable).with_name("ansible-playbook")),
            "-i",
            self.inventory,
            str(PLAYBOOKS[name]),
            "-e",
            f"diagnose_report_dir={self.folder / 'report'}",
        ]
        environment = {**self.environment, "BENCH_ANSWER": str(self.folder / name)}
        began = time.monotonic()
        process = subprocess.Popen(
            command, cwd=REPO, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"Cannot run '{name}': {process.stderr.read().decode()[-2000:]}")
        sample = {
            "wall s": time.monotonic() - began,
            "controller CPU s": usage.ru_utime + usage.ru_stime,
            "largest process MiB": usage.ru_maxrss / 1024,
        }
        trips = [int(line) for line in log.read_text().split()]
        if trips:
            sample["round trips"] = len(trips)
            sample["kB sent a host"] = statistics.median(trips) / 1000
        if keep:
            self.samples.setdefault(name, []).append(sample)

    def show(self) -> None:
        names = list(self.samples)
        figures = list(self.samples[names[0]][0])
        print(f"| median of {self.options.rounds} | {' | '.join(figures)} |\n|---|{'---|' * len(figures)}")
        for name in names:
            medians = [statistics.median(sample[figure] for sample in self.samples[name]) for figure in figures]
            print(f"| {name} | {' | '.join(f'{value:.2f}' for value in medians)} |")
        for name in names[1:]:
            pairs = list(zip(self.samples[name], self.samples["ping"], strict=False))
            ratios = [statistics.median(one[f] / other[f] for one, other in pairs) for f in figures]
            print(f"| {name} / ping | {' | '.join(f'{value:.2f}' for value in ratios)} |")


if __name__ == "__main__":
    main()
