# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares the diagnosis of one Windows guest with win_ping on a stand-in guest over WinRM: in turn, pair by pair.

python benchmarks/windows.py                 as root, with what the simulated guests need (docs/testing.md)
"""

from __future__ import annotations

import argparse
import os
import pathlib
import statistics
import sys
import tempfile

import _meter

HERE = pathlib.Path(__file__).resolve().parent
REPO = HERE.parent
sys.path[:0] = [str(REPO / "tests/integration/stage"), str(REPO / "tests")]

import stand_ins  # noqa: E402

PLAYBOOKS = {"win_ping": HERE / "win_ping.yml", "diagnosis": REPO / "playbooks/diagnose.yml"}
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--scenario", default="healthy")
    options = parser.parse_args()
    found = stand_ins.problems()
    if found:
        sys.exit(f"Cannot have Windows stand-ins on this machine: {'; '.join(found)}")
    stage = stand_ins.Stage()
    try:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            (guest,) = stage.up({"bench": options.scenario}).values()
            compare(stage, guest, pathlib.Path(folder), options.rounds)
    finally:
        stage.close()


def compare(stage: stand_ins.Stage, guest: str, folder: pathlib.Path, rounds: int) -> None:
    samples: dict[str, list[dict[str, float]]] = {name: [] for name in PLAYBOOKS}
    for name in PLAYBOOKS:
        sample(stage, guest, name, folder)  # warms caches; not kept
    for number in range(rounds):
        for name in list(PLAYBOOKS)[:: -1 if number % 2 else 1]:
            samples[name].append(sample(stage, guest, name, folder))
    figures = list(samples["win_ping"][0])
    print(f"\none stand-in guest, {rounds} rounds, load {os.getloadavg()[0]:.1f}\n")
    print(f"| | {' | '.join(figures)} |\n|---|{'---|' * len(figures)}")
    for name, taken in samples.items():
        print(f"| {name} | {' | '.join(f'{statistics.median(s[f] for s in taken):.3g}' for f in figures)} |")
    pairs = list(zip(samples["diagnosis"], samples["win_ping"], strict=True))
    # Of a pong there is next to nothing to receive.
    ratios = [f"{statistics.median(one[f] / other[f] for one, other in pairs):.2f}" for f in figures[:-1]] + ["-"]
    print(f"| median of the pairs' quotients | {' | '.join(ratios)} |")


def sample(stage: stand_ins.Stage, guest: str, name: str, folder: pathlib.Path) -> dict[str, float]:
    """Runs one contestant: what it took here, in the guest, and on the wire."""
    command, environment = stage.command(PLAYBOOKS[name], diagnose_report_dir=str(folder / "report"))
    before, spoken = guest_cpu(stage.process(guest)), len(stage.journal(guest))
    taken = _meter.run(command, environment, folder)
    operations = stage.journal(guest)[spoken:]
    return taken | {
        "guest CPU s": guest_cpu(stage.process(guest)) - before,
        "WinRM operations": len(operations),
        "kB sent": sum(entry.get("bytes", 0) for entry in operations) / 1000,
        "kB received": sum(len(entry.get("stdout", "")) for entry in operations) / 1000,
    }


def guest_cpu(pid: int) -> float:
    """Processor seconds of a guest's processes, those that it waited for included."""
    total = 0
    for process in _meter.tree(pid):
        try:
            fields = pathlib.Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
        except OSError:
            continue  # it has ended meanwhile
        total += sum(map(int, fields[11:15]))
    return total / TICKS


if __name__ == "__main__":
    main()
