# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run of the diagnosis on the controller: results kept host by host, so that an interrupted run still reports."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import json
import os
import pathlib
import shutil
import time
from collections.abc import Iterable, Mapping

from ._engine._evaluate import UNKNOWN, evaluate_fleet
from ._engine._fleet import report
from ._engine._model import FLEET
from ._registry import catalogue
from ._report import _files
from ._report._gate import NEVER
from ._states import SavedStates
from ._version import VERSION

REPORT_DIR = {"type": "path", "default": "./vmbackup-report"}
NOT_REACHED = "The run ended before this host was diagnosed"
_POLL_S = 0.3


class Run:
    """The results of one run, in a hidden folder of its report directory until the report is written.

    The states that were judged are kept in the folder ``states`` beside the report: checks of the fleet judge them, and
    they can be judged again later.
    """

    def __init__(self, report_dir: str):
        self.report_dir = pathlib.Path(os.path.abspath(os.path.expanduser(report_dir)))
        self.folder = self.report_dir / ".run"
        self.states = SavedStates(self.folder / "states")

    def start(self, hosts: Iterable[str], owner: int) -> bool:
        """Begins a run over ``hosts`` on behalf of the process ``owner``. False when that has begun already."""
        _files.make(self.report_dir)
        header = self._header()
        if header and header["owner"] == owner:
            return False
        if header and _alive(header["owner"]):
            raise ValueError(
                f"Cannot start a diagnosis in '{self.report_dir}': process {header['owner']} is writing a report there"
            )
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(mode=0o700)
        _write(self.folder / "run.json", {"owner": owner, "hosts": list(hosts)})
        return True

    def record(self, result: Mapping, state: Mapping | None = None) -> None:
        """Keeps the result of one host (an evaluation with ``host`` and ``reason``), and the state that it rests on."""
        if state is not None:
            self.states.keep(result["host"], state)
        name = hashlib.sha256(result["host"].encode()).hexdigest()[:32]
        _write(self.folder / f"{name}.json", result)

    def finish(self, fail_on: str = NEVER, **choices: object) -> tuple[dict, bool] | None:
        """Writes the report of what is known: the report and whether all hosts are in. None when no run is open.

        ``choices``: what an operator chose for the diagnosis, for the checks of the fleet.
        """
        header = self._header()
        if header is None:
            return None
        results = {result["host"]: result for result in self._results()}
        waiting = [host for host in header["hosts"] if host not in results]
        gaps = [{"host": host, "verdict": UNKNOWN, "reason": NOT_REACHED} for host in waiting]
        generated = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        fleet = evaluate_fleet(self.states, catalogue(FLEET), **choices) if catalogue(FLEET).checks else []
        made = report([*results.values(), *gaps], generated, VERSION, fleet)
        _files.write(made, self.report_dir, fail_on)
        return made, not waiting

    def close(self) -> None:
        """Ends the run: the report holds everything, and the states lie beside it."""
        kept = self.report_dir / "states"
        shutil.rmtree(kept, ignore_errors=True)
        with contextlib.suppress(FileNotFoundError):
            (self.folder / "states").rename(kept)
        shutil.rmtree(self.folder, ignore_errors=True)

    def finish_after(self, owner: int) -> None:
        """Leaves a process behind that writes the report when ``owner`` ends without having done so.

        Ctrl-C and a killed run end Ansible without another word to any plugin: only somebody outside can still report.
        The process ends with the run.
        """
        child = os.fork()
        if child:
            os.waitpid(child, 0)
            return
        try:
            os.setsid()
            if os.fork() == 0:
                _detach()
                while _alive(owner) and self._owned_by(owner):
                    time.sleep(_POLL_S)
                if self._owned_by(owner):
                    self.finish()
                    self.close()
        finally:
            os._exit(0)

    def _owned_by(self, owner: int) -> bool:
        header = self._header()
        return header is not None and header["owner"] == owner

    def _header(self) -> dict | None:
        try:
            return json.loads((self.folder / "run.json").read_text("utf-8"))
        except (OSError, ValueError):
            return None

    def _results(self) -> Iterable[dict]:
        for path in sorted(self.folder.glob("*.json")):
            if path.name != "run.json":
                yield json.loads(path.read_text("utf-8"))


def _write(path: pathlib.Path, data: Mapping) -> None:
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(data, separators=(",", ":")), "utf-8")
    draft.replace(path)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _detach() -> None:
    """Lets go of the terminal and of Ansible's pipes: whoever waits for these must not wait for us."""
    with contextlib.suppress(OSError):
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
    os.closerange(3, 4096)
