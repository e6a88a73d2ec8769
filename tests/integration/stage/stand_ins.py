# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts and ends stand-in Windows guests, and runs Ansible against them.

A test run has a network of its own, so that two runs on one machine share nothing but what was built once: the programs
and the template of the guests, and the unpacked PowerShell host.

As a program, for Molecule: ``stand_ins.py up NAME=SCENARIO ...`` starts guests that stay, with WinRM on addresses of
the loopback, and prints how to reach them; ``stand_ins.py down NAME ...`` ends them.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPO = HERE.parents[2]
WINDOWS = REPO / "tests/windows"
COMPILER = "x86_64-w64-mingw32-gcc"
ENGINES = [WINDOWS / "pshost/dist", REPO.parent / "shared/windows/pshost/dist"]
"""Where archives of the PowerShell host lie: as build-sdk.sh leaves them, or beside the checkout."""
if os.environ.get("VMBACKUP_PSHOST"):
    ENGINES.insert(0, Path(os.environ["VMBACKUP_PSHOST"]))
CACHE = Path(os.environ.get("VMBACKUP_STAGE_DIR", "/var/tmp/vmbackup-stage"))
WIRE = "168.63.129.16"
STATUS = "WindowsAzure/Logs/AggregateStatus/aggregatestatus.json"


def problems() -> list[str]:
    """Why there can be no stand-ins here; empty when there can."""
    found = pshost_problems()
    if os.geteuid():
        found.append("not root")
    tools = ("wine", "unshare", "nsenter", "ip", "openssl", COMPILER)
    found += [f"{tool} is missing" for tool in tools if not shutil.which(tool)]
    if not found and subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False).returncode:
        found.append("network namespaces are not permitted")
    return found


def pshost_problems() -> list[str]:
    """Why there can be no PowerShell engine here."""
    if _archive("linux") and _archive("win"):
        return []
    return ["the PowerShell host is not there: tests/windows/pshost/README.md says how to build it (VMBACKUP_PSHOST)"]


def _archive(system: str) -> Path | None:
    return next((file for place in ENGINES if (file := place / f"pshost-{system}-x64.tar.xz").is_file()), None)


@contextmanager
def locked(name: str) -> Iterator[None]:
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / f"{name}.lock", "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def pshost(system: str) -> Path:
    """The unpacked PowerShell host for ``linux`` or ``win``; unpacked once."""
    archive = _archive(system)
    folder = CACHE / f"pshost-{system}-{archive.stat().st_size}"
    with locked("pshost"):
        if not folder.is_dir():
            part = folder.with_suffix(".part")
            shutil.rmtree(part, ignore_errors=True)
            subprocess.run(["sh", WINDOWS / "pshost/unpack.sh", archive, part], check=True, capture_output=True)
            part.rename(folder)
    return folder


def programs() -> Path:
    """The programs of the stand-ins, built once from their sources."""
    sources = sorted((WINDOWS / "stage/src").iterdir())
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:16]
    folder = CACHE / f"programs-{digest}"
    with locked("programs"):
        if not folder.is_dir():
            part = folder.with_suffix(".part")
            shutil.rmtree(part, ignore_errors=True)
            subprocess.run(["sh", WINDOWS / "stage/src/build.sh", part], check=True, capture_output=True)
            part.rename(folder)
    return folder


def compiled() -> Path:
    """Where guests keep what Ansible compiles, with the hook that does so; the hook is built once from its source."""
    source = WINDOWS / "pshost/src/hook/StartupHook.cs"
    digest = hashlib.sha256(source.read_bytes() + str(pshost("win")).encode()).hexdigest()[:16]
    folder = CACHE / f"compiled-{digest}"
    with locked("compiled"):
        if not folder.is_dir():
            part = folder.with_suffix(".part")
            shutil.rmtree(part, ignore_errors=True)
            build = [pshost("linux") / "pwsh", "-CompileHost", "-out", part / "StartupHook.dll", source]
            subprocess.run(build, check=True, capture_output=True)
            part.rename(folder)
    return folder


def keeping(folder: Path, root: str = "") -> dict[str, str]:
    """The environment in which PowerShell keeps what it compiles in ``compiled()``."""
    return {"DOTNET_STARTUP_HOOKS": f"{root}{folder}/StartupHook.dll", "PSHOST_COMPILED": f"{root}{folder}"}


class Stage:
    """The stand-ins of one test run, in a network namespace that ends with it, or on this machine's loopback."""

    def __init__(self, own_network: bool = True) -> None:
        self._environment = {
            **os.environ,
            "STAGE_DIR": str(CACHE / "stage"),
            "STAGE_PSHOST": str(pshost("win")),
            "STAGE_BIN": str(programs()),
            "ANSIBLE_CONFIG": str(REPO / "ansible.cfg"),
            **{f"STAGE_E_{name}": value for name, value in keeping(compiled(), "Z:").items()},
        }
        self._network = None
        if own_network:
            self._network = subprocess.Popen(
                ["unshare", "--net", "sh", "-c", "ip link set lo up && echo up && exec cat"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
            self._network.stdout.readline()
        self._inventory = CACHE / f"inventory-{os.getpid()}.ini"
        self._fabrics: dict[str, subprocess.Popen] = {}
        self._sweep()

    def up(self, scenarios: dict[str, str]) -> dict[str, str]:
        """Starts guests, name to scenario or its file, each with a fabric. Gives name to name in the inventory."""
        names = {name: f"t{os.getpid()}-{number}" for number, name in enumerate(scenarios)}
        self.start({names[name]: scenario for name, scenario in scenarios.items()})
        return names

    def start(self, guests: dict[str, str]) -> None:
        """As ``up``, with names in the inventory that the caller answers for."""
        with locked("stage"):
            self._stage("up", *(f"{name}={scenario}" for name, scenario in guests.items()))
        for name in guests:
            self._fabrics[name] = self._fabric(name)
            # An agent that just booted has just written its status; this file is as old as the cached template.
            self._stage("exec", name, "--unix", "touch", "--no-create", STATUS)

    def reach(self, name: str) -> dict[str, object]:
        """How to reach a guest, in the words of Molecule."""
        inventory = self._stage("inventory", name)
        said = dict(re.findall(r"^ansible_(user|password)=(.*)$", inventory, re.M))
        address = self._record(name)["addr"]
        way = {"connection": "winrm", "winrm_transport": "basic", "port": 5985}
        return {"instance": name, "address": address, **way, **said}

    def silence(self, name: str) -> None:
        """Packets to the fabric vanish, as those do that a firewall of the guest drops."""
        subprocess.run([*self._inside(name), "ip", "addr", "del", f"{WIRE}/32", "dev", "lo"], check=True)

    def journal(self, name: str) -> list[dict]:
        """Every WinRM operation of a guest so far."""
        path = CACHE / "stage/hosts" / name / "journal.jsonl"
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []

    def playbook(self, book: Path, *arguments: str, **variables: object) -> subprocess.CompletedProcess:
        """Runs a playbook over all guests of this run."""
        command, environment = self.command(book, *arguments, **variables)
        return _run(command, environment, timeout=1500)

    def command(self, book: Path, *arguments: str, **variables: object) -> tuple[list[str], dict[str, str]]:
        """The command line of ``playbook`` and its environment."""
        program = Path(sys.executable).with_name("ansible-playbook")
        self._inventory.write_text(self._stage("inventory", *self._fabrics))
        command = [program, "-i", self._inventory, book, "-e", json.dumps(variables), *arguments]
        return [str(part) for part in [*self._network_prefix(), *command]], self._environment

    def process(self, name: str) -> int:
        """The outermost process of a guest."""
        return self._record(name)["pid"]

    def execute(self, name: str, *command: str) -> str:
        """Runs a Windows program in a guest."""
        return self._stage("exec", name, *command)

    def registry(self, name: str, key: str) -> set[str]:
        """What a guest's registry holds below a key, key by key, as its registry editor exports it."""
        file = key.rpartition("\\")[2] + ".reg"
        export = ("reg", "export", key, rf"C:\{file}", "/y")
        try:
            self.execute(name, *export)
        except RuntimeError:
            self.execute(name, *export)  # Wine loses a program now and then on a busy machine
        return set(self.file(name, file).read_text("utf-16").split("\n\n"))

    def file(self, name: str, path: str) -> Path:
        """A file below drive C of a guest that was written since its start."""
        return CACHE / "stage/hosts" / name / "upper/drive_c" / path

    def destroy(self) -> None:
        """Ends the guests; what they were made from stays."""
        if self._fabrics:
            self.end(*self._fabrics)
        for fabric in self._fabrics.values():
            fabric.wait(300)
        self._fabrics.clear()

    def end(self, *names: str) -> None:
        """Ends guests, whoever started them; their fabric ends with them."""
        with locked("stage"):
            self._stage("destroy", *names)

    def close(self) -> None:
        try:
            self.destroy()
        finally:
            self._inventory.unlink(missing_ok=True)
            if self._network:
                self._network.stdin.close()
                self._network.wait(300)

    def _sweep(self) -> None:
        """Ends guests that a killed test run left behind."""
        hosts = CACHE / "stage/hosts"
        for folder in hosts.glob("t*-*") if hosts.is_dir() else ():
            owner = folder.name[1:].split("-")[0]
            if owner.isdigit() and not Path(f"/proc/{owner}").exists():
                with locked("stage"):
                    self._stage("destroy", folder.name)

    def _fabric(self, name: str) -> subprocess.Popen:
        command = [*self._inside(name), sys.executable, HERE / "fabric.py", str(self.process(name))]
        fabric = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
        )
        if not fabric.stdout.readline():
            raise RuntimeError(f"Cannot start the fabric of '{name}'")
        return fabric

    def _inside(self, name: str) -> list[str]:
        """Command prefix for the far end of a guest's wire."""
        return ["nsenter", f"--net=/proc/{self.process(name)}/ns/net"]

    def _record(self, name: str) -> dict:
        return json.loads((CACHE / "stage/hosts" / name / "host.json").read_text("utf-8"))

    def _network_prefix(self) -> list[str]:
        return ["nsenter", f"--net=/proc/{self._network.pid}/ns/net"] if self._network else []

    def _stage(self, *arguments: str) -> str:
        command = [*self._network_prefix(), sys.executable, WINDOWS / "stage/stage.py", *arguments]
        done = _run(command, self._environment, timeout=900)
        if done.returncode or "FAILED" in done.stdout:
            said = f"exit status {done.returncode}: {done.stdout}{done.stderr}"
            raise RuntimeError(f"Cannot run stage {' '.join(arguments)}: {said}")
        return done.stdout


def _run(command: list, environment: dict[str, str], timeout: int) -> subprocess.CompletedProcess:
    return subprocess.run(
        command, cwd=REPO, env=environment, capture_output=True, text=True, timeout=timeout, check=False
    )


def main(verb: str, *guests: str) -> None:
    found = problems()
    if found:
        sys.exit(f"Cannot have Windows stand-ins on this machine: {'; '.join(found)}")
    stage = Stage(own_network=False)
    if verb == "up":
        stage.start(dict(guest.split("=") for guest in guests))
        print(json.dumps([stage.reach(guest.split("=")[0]) for guest in guests]))
    else:
        stage.end(*guests)


if __name__ == "__main__":
    main(*sys.argv[1:])
