# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs Ansible inside the lab's network and hands back what happened, task by task."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import inventory
from .command import LabError, run
from .settings import TESTS_DIR

if TYPE_CHECKING:
    from .core import Lab
    from .hosts import Host

REPO = TESTS_DIR.parent
_PLUGINS = Path(__file__).with_name("ansible_plugins")


@dataclass
class Outcome:
    """The end of one run; ``tasks`` has one entry a result: host, task, action, status, result."""

    rc: int
    stdout: str
    stderr: str
    tasks: list[dict[str, Any]] = field(default_factory=list)

    def of(self, host: str | None = None, task: str | None = None, status: str | None = None) -> list[dict[str, Any]]:
        """The results of one host, task name (a part of it suffices) and status; each of them optional."""
        return [
            entry
            for entry in self.tasks
            if host in (None, entry["host"])
            and (task is None or task in entry["task"])
            and status in (None, entry["status"])
        ]

    def changed(self) -> list[dict[str, Any]]:
        """The results that changed something; an idempotent run has none."""
        return self.of(status="changed")


class Runner:
    """Ansible with the lab's inventory and the checkout's configuration."""

    def __init__(self, lab: Lab):
        self.lab = lab

    def playbook(
        self,
        play: str | Path | list[dict[str, Any]],
        *,
        hosts: list[Host] | None = None,
        extra_vars: dict[str, Any] | None = None,
        arguments: tuple[str, ...] = (),
        env: dict[str, str] | None = None,
        check: bool = True,
        timeout: float = 600,
    ) -> Outcome:
        """Run a playbook: a path, the collection's ``vmbackup.azure.NAME``, or a list of plays.

        With check a run that does not end with 0 raises LabError, its output in the message.
        """
        with self._workplace(hosts) as place:
            if isinstance(play, list):
                place.write("play.yml", json.dumps(play))
                play = place.path / "play.yml"
            extra = ("--extra-vars", json.dumps(extra_vars)) if extra_vars else ()
            return self._run(place, ["ansible-playbook", str(play), *extra, *arguments], env, check, timeout)

    def module(
        self,
        host: str | Host,
        name: str,
        arguments: dict[str, Any] | None = None,
        *,
        become: bool = True,
        env: dict[str, str] | None = None,
        check: bool = True,
        timeout: float = 600,
    ) -> dict[str, Any]:
        """Run one module on one host; returns its result."""
        target = host if isinstance(host, str) else host.name
        task = {"name": name, name: arguments or {}}
        play = {"hosts": target, "gather_facts": False, "become": become, "tasks": [task]}
        outcome = self.playbook([play], env=env, check=check, timeout=timeout)
        if not outcome.tasks:
            raise LabError(f"Cannot run '{name}' on '{target}': {outcome.stdout}{outcome.stderr}")
        return outcome.tasks[-1]["result"]

    def _run(
        self, place: _Workplace, argv: list[str], env: dict[str, str] | None, check: bool, timeout: float
    ) -> Outcome:
        record = place.path / "results.jsonl"
        settings = {
            **os.environ,
            "ANSIBLE_CONFIG": str(REPO / "ansible.cfg"),
            "ANSIBLE_CALLBACK_PLUGINS": str(_PLUGINS / "callback"),
            "ANSIBLE_CALLBACKS_ENABLED": "lab_record",
            "ANSIBLE_FORCE_COLOR": "0",
            "ANSIBLE_LOCAL_TEMP": str(place.path / "local"),
            # The load of many guests on few cores must not look like a silent host.
            "ANSIBLE_TIMEOUT": "60",
            "ANSIBLE_SSH_CONTROL_PATH_DIR": str(self.lab.settings.run / "ssh"),
            "VMBACKUP_LAB_RECORD": str(record),
            **(env or {}),
        }
        command = [_program(argv[0]), "--inventory", str(place.path / "inventory.yml"), *argv[1:]]
        ended = run(self.lab.ctl(command), check=False, timeout=timeout, env=settings, cwd=REPO)
        if check and ended.returncode:
            raise LabError(f"Cannot run '{' '.join(argv)}': rc {ended.returncode}\n{ended.stdout}{ended.stderr}")
        lines = record.read_text(encoding="utf-8").splitlines() if record.exists() else []
        return Outcome(ended.returncode, ended.stdout, ended.stderr, [json.loads(line) for line in lines])

    def _workplace(self, hosts: list[Host] | None) -> _Workplace:
        return _Workplace(self.lab, hosts)


class _Workplace:
    """A directory for one run: its inventory, its play, its results."""

    def __init__(self, lab: Lab, hosts: list[Host] | None):
        self.lab = lab
        self.hosts = hosts

    def __enter__(self) -> _Workplace:
        self.path = Path(tempfile.mkdtemp(prefix="ansible-", dir=self.lab.settings.run))
        self.write("inventory.yml", inventory.render(self.lab, self.hosts))
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.path, ignore_errors=True)

    def write(self, name: str, text: str) -> None:
        (self.path / name).write_text(text, encoding="utf-8")


def _program(name: str) -> str:
    """Ansible's program of this Python's environment, else that of the PATH."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if not found:
        raise LabError(f"Cannot find '{name}': ansible-core is not installed for {sys.executable}")
    return found
