# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a fleet of any size costs the controller, from recorded guest states: no host and no ssh.

python benchmarks/scale.py                1,000 and 10,000 hosts
python benchmarks/scale.py --playbook     the playbook diagnose as well, with a worker process for each host
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import sys
import tempfile

import _meter

HERE = pathlib.Path(__file__).resolve().parent
REPO = HERE.parent
RECORDED = sorted((REPO / "examples/fleet/states").glob("*.json"))
SLICES = 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, nargs="+", default=[1000, 10000])
    parser.add_argument("--forks", type=int, default=20)
    parser.add_argument("--playbook", action="store_true")
    options = parser.parse_args()
    os.nice(10)
    print("| hosts | | wall s | CPU s | largest process MiB | report.html MB |\n|---|---|---|---|---|---|")
    for count in options.hosts:
        with tempfile.TemporaryDirectory(prefix="bench-") as name:
            Fleet(pathlib.Path(name), count, options.forks).measure(options.playbook)


class Fleet:
    """Recorded states under as many names, in slices."""

    def __init__(self, folder: pathlib.Path, count: int, forks: int):
        self.folder, self.count, self.forks = folder, count, forks
        self.slices = [folder / f"slice{number}" for number in range(SLICES)]
        hosts = {}
        for number in range(count):
            path = self.slices[number % SLICES] / f"host{number:05}.json"
            path.parent.mkdir(exist_ok=True)
            path.symlink_to(RECORDED[number % len(RECORDED)])
            hosts[path.stem] = {"diagnose_state_file": str(path)}
        self.inventory = folder / "inventory.json"
        self.inventory.write_text(json.dumps({"all": {"hosts": hosts}}))

    def measure(self, playbook: bool) -> None:
        """One row of the table for each way."""
        self._row("one process", "diagnose_saved", "localhost,", diagnose_saved=list(map(str, self.slices)))
        reports = [str(self.folder / f"report{number}") for number in range(SLICES)]
        for path, report in zip(self.slices, reports, strict=True):
            self._play("diagnose_saved", "localhost,", diagnose_saved=[str(path)], diagnose_report_dir=report)
        self._row(f"{SLICES} slices merged", "merge", "localhost,", merge_reports=reports, merge_hosts="!all")
        if playbook:
            self._row(f"playbook, {self.forks} forks", "diagnose", str(self.inventory))

    def _row(self, title: str, name: str, inventory: str, **variables: object) -> None:
        report = self.folder / "report"
        where = "merge_report_dir" if name == "merge" else "diagnose_report_dir"
        taken = self._play(name, inventory, **{where: str(report)}, **variables)
        size = (report / "report.html").stat().st_size / 1e6
        cells = [f"{self.count:,}", title, *(f"{figure:.4g}" for figure in (*taken.values(), size))]
        print(f"| {' | '.join(cells)} |", flush=True)

    def _play(self, name: str, inventory: str, **variables: object) -> dict[str, float]:
        playbook = str(pathlib.Path(sys.executable).with_name("ansible-playbook"))
        arguments = ["-i", inventory, "-e", json.dumps(variables)]
        environment = {"ANSIBLE_CONFIG": str(REPO / "ansible.cfg"), "ANSIBLE_FORKS": str(self.forks)}
        return _meter.usage([playbook, str(REPO / f"playbooks/{name}.yml"), *arguments], environment, self.folder)


if __name__ == "__main__":
    main()
