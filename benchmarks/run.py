# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares the diagnosis with ping, with stock modules and with the plain script: in turn, in one run, pair by pair.

python benchmarks/run.py                     the controller alone, 1, 20 and 100 hosts
python benchmarks/run.py --guests            booted guests of the lab behind real sshd (root)
python benchmarks/run.py --stock 20          stock modules as well, once for each size up to 20 hosts: they are slow
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import statistics
import sys
import tempfile
import time

import _meter
from _targets import Guests, Stub, booted

HERE = pathlib.Path(__file__).resolve().parent
REPO = HERE.parent
KEX = "curve25519-sha256"
DIAGNOSES = ("diagnosis", f"diagnosis, {KEX}")
PLAYBOOKS = {
    "ping": HERE / "ping.yml",
    **dict.fromkeys(DIAGNOSES, REPO / "playbooks/diagnose.yml"),
    "module": HERE / "module.yml",
    "stock": HERE / "stock.yml",
}
PAIRED = ("ping", "diagnosis", "module", "plain script")
PAIRED_OVER_SSH = (*PAIRED, DIAGNOSES[1])
IDLE_S = 4
"""Seconds over which the guests' own work is measured before the runs."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--guests", action="store_true", help="booted guests behind real sshd")
    parser.add_argument("--hosts", type=int, nargs="+", default=[1, 20, 100])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--forks", type=int, default=20)
    parser.add_argument("--stock", type=int, default=0, metavar="HOSTS", help="run the stock modules up to this size")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = pathlib.Path(name)
        if options.guests:
            with booted() as guests:
                compare(guests, folder, options)
        else:
            compare(Stub(folder), folder, options)


def compare(target: Stub | Guests, folder: pathlib.Path, options: argparse.Namespace) -> None:
    paired = PAIRED_OVER_SSH if target.guests else PAIRED
    for count in options.hosts:
        bench = Bench(target, folder, count, options.forks)
        for name in paired:
            bench.sample(name)  # warms caches; not kept
        bench.samples.clear()
        for number in range(options.rounds):
            for name in paired[:: -1 if number % 2 else 1]:
                bench.sample(name)
        if count <= options.stock:
            bench.sample("stock")
        bench.weigh()
        bench.show()


class Bench:
    """All runs with one number of hosts."""

    def __init__(self, target: Stub | Guests, folder: pathlib.Path, count: int, forks: int):
        self.target, self.folder, self.count, self.forks = target, folder, count, forks
        self.samples: dict[str, list[dict[str, float]]] = {}
        self.inventory = folder / "inventory.json"
        self.inventory.write_text(json.dumps(target.inventory(count)))
        self.idle = self._idle_rate() if target.guests else 0.0

    def _idle_rate(self) -> float:
        before = _meter.cpu_of(self.target.guests)
        time.sleep(IDLE_S)
        return (_meter.cpu_of(self.target.guests) - before) / IDLE_S

    def _command(self, name: str) -> tuple[list[str], dict[str, str]]:
        if name == "plain script":
            return [sys.executable, str(HERE / "plain.py"), str(self.inventory), str(self.forks)], {}
        playbook = str(pathlib.Path(sys.executable).with_name("ansible-playbook"))
        extra = ["-e", f"diagnose_report_dir={self.folder / 'report'}"] if name in DIAGNOSES else []
        environment = {
            "ANSIBLE_CONFIG": str(REPO / "ansible.cfg"),
            "ANSIBLE_FORKS": str(self.forks),
            # Every run logs in anew, as the first one of a day does.
            "ANSIBLE_SSH_CONTROL_PATH_DIR": tempfile.mkdtemp(dir=self.folder),
            "ANSIBLE_SSH_ARGS": "-o ControlMaster=auto -o ControlPersist=1s",
        }
        if name == DIAGNOSES[1]:
            environment["ANSIBLE_SSH_ARGS"] += f" -o KexAlgorithms={KEX}"
        if name not in DIAGNOSES:
            environment["ANSIBLE_STDOUT_CALLBACK"] = "default"
        return [playbook, "-i", str(self.inventory), str(PLAYBOOKS[name]), *extra], environment

    def sample(self, name: str) -> None:
        """Runs one contestant and keeps what it took."""
        command, environment = self._command(name)
        guests = self.target.guests
        self.target.trips()
        before = _meter.cpu_of(guests) if guests else 0
        taken = _meter.run(command, {**environment, **self.target.environment}, self.folder)
        if guests:
            spent = _meter.cpu_of(guests) - before - self.idle * taken["wall s"]
            taken["guest CPU s a host"] = spent / self.count
        sizes = self.target.trips()
        if sizes:
            taken["round trips a host"] = len(sizes) / self.count
            taken["kB sent a host"] = sum(sizes) / self.count / 1000
        self.samples.setdefault(name, []).append(taken)

    def weigh(self) -> None:
        """Runs each once more for its memory alone: looking at it slows it down."""
        for name, samples in self.samples.items():
            if name == "stock":
                continue
            command, environment = self._command(name)
            most = _meter.memory(command, {**environment, **self.target.environment}, self.folder)
            for sample in samples:
                sample["peak MiB"] = most

    def show(self) -> None:
        figures = list(self.samples["ping"][0])
        load = os.getloadavg()[0]
        print(f"\n{self.count} hosts, {self.target.name}, {self.forks} forks, load {load:.1f}\n")
        print(f"| | {' | '.join(figures)} | wall / ping | CPU / ping |\n|---|{'---|' * (len(figures) + 2)}")
        for name, samples in self.samples.items():
            cells = [self._median(samples, figure) for figure in figures]
            ratios = [self._ratio(samples, figure) for figure in ("wall s", "controller CPU s")]
            print(f"| {name} | {' | '.join(cells)} | {' | '.join(ratios)} |", flush=True)

    @staticmethod
    def _median(samples: list[dict[str, float]], figure: str) -> str:
        values = [sample[figure] for sample in samples if figure in sample]
        return f"{statistics.median(values):.3g}" if values else "-"

    def _ratio(self, samples: list[dict[str, float]], figure: str) -> str:
        """The median of the quotients of each round's two."""
        pairs = zip(samples, self.samples["ping"], strict=False)
        return f"{statistics.median(one[figure] / other[figure] for one, other in pairs):.2f}"


if __name__ == "__main__":
    main()
