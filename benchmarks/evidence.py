# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Collects the logs of a fleet of booted guests at once, the first of which has far more logs than fit (root).

python benchmarks/evidence.py                      50 guests, 5 GiB of logs on the first
python benchmarks/evidence.py --hosts 4 --gib 1
"""

from __future__ import annotations

import argparse
import json
import pathlib
import sys
import tempfile
import threading
import zipfile

import _meter

HERE = pathlib.Path(__file__).resolve().parent
REPO = HERE.parent
sys.path.insert(0, str(REPO / "tests"))

from lab import Lab, inventory  # noqa: E402
from lab.hosts import Host  # noqa: E402

FILE_MIB = 128
LINE = "2026-11-29T02:00:00.000000Z INFO ExtHandler GET https://a.blob.core.windows.net/c/b?sv=1&sig=S3cr3t took 17 ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=50)
    parser.add_argument("--gib", type=int, default=5, help="logs of the first guest")
    options = parser.parse_args()
    lab = Lab.own()
    try:
        lab.up()
        guests = lab.fleet(options.hosts)
        fill(guests[0], options.gib)
        with tempfile.TemporaryDirectory(prefix="bench-") as name:
            print(json.dumps(collect(lab, guests, pathlib.Path(name)), indent=2))
    finally:
        lab.down()


def fill(guest: Host, gib: int) -> None:
    """Write so many GiB of log files, the numbers of which are their ages in minutes."""
    folder = "/var/log/azure/large"
    made = f"mkdir -p {folder} && cd {folder} && yes '{LINE}' | head -c {FILE_MIB}M > 0.log"
    copied = f'for n in $(seq {gib * 1024 // FILE_MIB - 1}); do cp 0.log $n.log; touch -d "-$n min" $n.log; done'
    guest.exec(f"{made}; {copied}", timeout=600)


def collect(lab: Lab, guests: list[Host], folder: pathlib.Path) -> dict:
    """What one run over all guests took, and what it brought."""
    hosts = folder / "inventory.json"
    named = {guest.name: {"ansible_host": guest.address} for guest in guests}
    hosts.write_text(json.dumps({"all": {"hosts": named, "vars": inventory.build(lab, [])["lab"]["vars"]}}))
    archives = folder / "archives"
    play = ["ansible-playbook", str(REPO / "playbooks/collect_logs.yml"), "-i", str(hosts)]
    command = [*play, "--forks", str(len(guests)), "--timeout", "60", "-e", f"collect_logs_dest={archives}"]
    with Sampled(guests) as sampled:
        taken = _meter.usage(command, {}, folder)
    sizes = [path.stat().st_size for path in archives.glob("*.zip")]
    with zipfile.ZipFile(archives / f"{guests[0].name}.zip") as archive:
        kept = sorted(one.filename for one in archive.infolist() if "/large/" in one.filename)
        left = json.loads(archive.read("manifest.json"))["left_out"]
    return {
        "hosts": len(guests),
        "archives": len(sizes),
        "largest archive MiB": round(max(sizes) / 2**20, 1),
        **{name: round(value, 1) for name, value in taken.items()},
        "largest process on a guest MiB": round(max(sampled.most.values()) / 1024, 1),
        "of the large logs kept": kept,
        "left out": {
            reason: sum(one["reason"] == reason for one in left) for reason in {one["reason"] for one in left}
        },
    }


class Sampled:
    """Meanwhile the memory of the Python processes on the guests is looked at."""

    def __init__(self, guests: list[Host]):
        self._guests, self._end = guests, threading.Event()
        self.most: dict[str, int] = {}
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Sampled:
        self._known = {pid for guest in self._guests for pid in guest.group.pids()}
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._end.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._end.wait(0.2):
            for guest in self._guests:
                for pid in set(guest.group.pids()) - self._known:
                    self.most[guest.name] = max(self.most.get(guest.name, 0), _meter.proportional_kib(pid))


if __name__ == "__main__":
    main()
