# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What it takes to read Azure for a fleet: calls, time and memory, beside other clients, against a simulated Azure.

python benchmarks/azure_reading.py                          2,000 and 10,000 machines
python benchmarks/azure_reading.py --sdk PYTHON             a Python with azure-mgmt-* packages reads the same lists
python benchmarks/azure_reading.py --azcollection PYTHON    its inventory, by a Python that has azure.azcollection
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import pathlib
import signal
import ssl
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator

import _meter
import yaml

HERE = pathlib.Path(__file__).resolve().parent
REPO = HERE.parent
_INVENTORY = (
    "ANSIBLE_INVENTORY_UNPARSED_FAILED=true",
    "AZURE_SUBSCRIPTION_ID=22222222-2222-2222-2222-222222222222",
)
"""The plugin takes no log-in without a subscription, and reads that one."""

READING = """\
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._options import read
print(len(read({"agent_status": %s, "timeout": 900})["vms"]))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--machines", type=int, nargs="+", default=[2000, 10000])
    parser.add_argument("--sdk", metavar="PYTHON")
    parser.add_argument("--azcollection", metavar="PYTHON")
    options = parser.parse_args()
    print("| machines | | calls | wall s | CPU s | peak MiB |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        for count in options.machines:
            with standin(pathlib.Path(name), count) as environment:
                for title, command in contestants(options, pathlib.Path(name)).items():
                    sample(count, title, command, environment, pathlib.Path(name))


def contestants(options: argparse.Namespace, folder: pathlib.Path) -> dict[str, list[str]]:
    playbook = [str(pathlib.Path(sys.executable).with_name("ansible-playbook")), str(REPO / "playbooks/azure.yml")]
    found = {
        "reading": [sys.executable, "-c", READING % True],
        "reading, no agent status": [sys.executable, "-c", READING % False],
        "playbook azure.yml": [*playbook, "-e", f"diagnose_report_dir={folder}/report"],
    }
    if options.sdk:
        found["management packages"] = [options.sdk, str(HERE / "_azure_sdk.py")]
    if options.azcollection:
        inventory = folder / "fleet.azure_rm.yml"
        inventory.write_text("plugin: azure.azcollection.azure_rm\ninclude_vm_resource_groups: ['*']\n")
        program = str(pathlib.Path(options.azcollection).with_name("ansible-inventory"))
        found["azure_rm inventory, one subscription"] = ["env", *_INVENTORY, program, "-i", str(inventory), "--list"]
    return found


@contextlib.contextmanager
def standin(folder: pathlib.Path, count: int) -> Iterator[dict[str, str]]:
    """Variables of clients of a simulated Azure with so many machines, in a process of its own."""
    scenario = yaml.safe_load((REPO / "tests/azure/scenarios/fleet.yml").read_text("utf-8"))
    scenario["fleet"]["count"] = count
    file = folder / "fleet.yml"
    file.write_text(yaml.safe_dump(scenario))
    command = [sys.executable, "-m", "azure_standin", str(file), "--directory", str(folder)]
    with subprocess.Popen(command, cwd=REPO / "tests/azure", stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            process.stdout.readline()  # It listens.
            yield {
                **_variables(folder / "environment"),
                "STANDIN_SUBSCRIPTIONS": ",".join(one["id"] for one in scenario["subscriptions"]),
                "ANSIBLE_CONFIG": str(REPO / "ansible.cfg"),
                "PYTHONPATH": str(REPO / ".collections"),
            }
        finally:
            process.send_signal(signal.SIGTERM)


def _variables(file: pathlib.Path) -> dict[str, str]:
    words = subprocess.run(
        ["sh", "-c", f". {file}; env -0"], capture_output=True, text=True, check=True, env={"PATH": os.environ["PATH"]}
    ).stdout.split("\0")
    found = dict(word.split("=", 1) for word in words if word)
    # Everything that the principal may see, not only the first subscription.
    return {name: value for name, value in found.items() if name not in ("PATH", "PWD", "AZURE_SUBSCRIPTION_ID")}


def sample(count: int, title: str, command: list[str], environment: dict[str, str], folder: pathlib.Path) -> None:
    before = calls(environment)
    took = _meter.run(command, environment, folder)
    made = calls(environment) - before
    most = _meter.memory(command, environment, folder)
    cells = (f"{count:,}", title, made, f"{took['wall s']:.1f}", f"{took['controller CPU s']:.1f}", f"{most:.0f}")
    print("|", " | ".join(map(str, cells)), "|", flush=True)


def calls(environment: dict[str, str]) -> int:
    """How many requests the simulated Azure has had, without those of a log-in."""
    trust = ssl.create_default_context(cafile=environment["SSL_CERT_FILE"])
    with urllib.request.urlopen(f"{environment['AZURE_STANDIN_URL']}/_standin/log", context=trust) as answer:
        return sum("/subscriptions" in entry["path"] or "/providers" in entry["path"] for entry in json.load(answer))


if __name__ == "__main__":
    main()
