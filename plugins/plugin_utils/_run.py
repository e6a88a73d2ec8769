# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run of the diagnosis on the controller: results kept host by host, so that an interrupted run still reports."""

from __future__ import annotations

import contextlib
import datetime
import fcntl
import hashlib
import json
import os
import pathlib
import re
import secrets
import shutil
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, TypeGuard

from ._engine._evaluate import UNKNOWN, VERDICTS, evaluate_fleet
from ._engine._fleet import report
from ._engine._model import FLEET
from ._history import History
from ._machines import Azure, guests_alone, nothing_waived
from ._registry import catalogue
from ._report import _files
from ._report._gate import NEVER
from ._states import SavedStates, hosts_in, keep_choices, machines_in
from ._version import VERSION
from ._waivers import Waivers

REPORT_DIR = {"type": "path", "default": "./vmbackup-report"}
NOT_REACHED = "The run ended before this host was diagnosed"
NOT_ASKED = "The run ended before Azure was read"
UNREADABLE = "The result of this host cannot be read: its file is damaged"
_NONE = {"token": None, "owner": None, "born": None, "beside": "", "azure": False}
_MARK = re.compile(r"run\.(json|\d+)")  # with the number of the process while it is written
_POLL_S = 0.3


class Run:
    """The results of one run, in a hidden folder of its report directory until the report is written.

    Whoever belongs to the run knows its ``token``, which no other run has: what another one left is never taken for its
    own, though their processes have the same number. The states that were judged are kept in the folder ``states``
    beside the report, those of virtual machines in Azure in ``states/azure``: checks of the fleet judge them, and they
    can be judged again later.
    """

    def __init__(self, report_dir: str, token: str | None = None):
        self.report_dir = pathlib.Path(os.path.abspath(os.path.expanduser(report_dir)))
        self.folder = self.report_dir / ".run"
        self.token = token or secrets.token_hex(16)
        self.states = SavedStates(self.folder / f"states.{self.token}")

    def start(
        self,
        hosts: Iterable[str],
        owner: int,
        about: Mapping | None = None,
        beside: str | None = None,
        azure: bool = False,
    ) -> bool:
        """Begins a run over ``hosts`` on behalf of the process ``owner``. False when that has begun already.

        ``about``: how it was started, for the report. ``beside``: the folder of the report directory for the report of
        this run where the one that is there has other hosts as well, which a part of the fleet must not replace.
        ``azure``: whether Azure's side belongs to the run.
        """
        hosts = list(hosts)
        _files.make(self.report_dir)
        with self.alone():
            header = self._header() or _NONE
            other = header["owner"]
            if (header["token"], other) == (self.token, owner):
                return False
            # The same number is an earlier play of this process, or a process of the past: neither writes any more.
            if other != owner and _alive(other, header["born"]):
                raise ValueError(
                    f"Cannot start a diagnosis in '{self.report_dir}': process {other} is writing a report there"
                )
            now = time.time()
            run = {"began": now, "about": {"started": _utc(now), **(about or {})}}
            header = {"token": self.token, "owner": owner, "born": _born(owner), "hosts": hosts, "azure": azure, **run}
            part = beside if beside and self._reported() - set(hosts) else ""
            header["beside"] = part
            self._refuse_others(part)
            shutil.rmtree(self.folder, ignore_errors=True)
            try:
                self.folder.mkdir(mode=0o700)
            except OSError as error:
                raise OSError(f"Cannot create '{self.folder}': {error.strerror}") from error
            _write(self.folder / "run.json", header)
        return True

    def _refuse_others(self, part: str) -> None:
        """Raises ValueError where a folder that this run replaces is someone else's. ``part``: that of the report."""
        states = SavedStates(self.report_dir / part / "states")
        for folder, is_ours in ((self.folder, _is_folder_of_run(self.folder)), (states.folder, states.is_ours())):
            if not is_ours:
                reason = f"'{folder}' is not of a report; use another directory"
                raise ValueError(f"Cannot write a report to '{self.report_dir}': {reason}")

    def record(self, result: Mapping, state: Mapping | None = None, choices: Mapping | None = None) -> None:
        """Keeps the result of one host (an evaluation with ``host`` and ``reason``), and the state that it rests on.

        ``choices``: the options by which it was judged, for judging it again. Raises OSError with a full sentence when
        that is not possible.
        """
        try:
            if state is not None:
                self.states.keep(result["host"], state)
            _write(self._path(result["host"]), {**result, "choices": choices} if choices else result)
        except OSError as error:
            if self.folder.exists():
                raise
            raise OSError(f"Cannot record a result in '{self.report_dir}': no run is open there") from error

    def finish(
        self,
        fail_on: str = NEVER,
        coming: Collection[str] | None = None,
        azure: Azure | None = None,
        history: History | None = None,
        waivers: Waivers | None = None,
        formats: Collection[str] = _files.FORMATS_BY_DEFAULT,
        **choices: Any,
    ) -> tuple[dict, bool] | None:
        """Writes the report of what is known: the report and whether it is the last. None when no run is open.

        ``coming``: hosts that may still have a result (None: all); others without one are not waited for any longer.
        ``azure``: Azure's side, which is read for the last report only, as ``history`` is. ``formats``: the files that
        are written. ``choices``: what an operator chose for the diagnosis. Raises ValueError when another run has taken
        the directory over.
        """
        header = self._header()
        if header is None:
            return None
        if header["token"] != self.token:
            other = f"process {header['owner']} has started another run there"
            raise ValueError(f"Cannot finish the report in '{self.report_dir}': {other}")
        results = {result["host"]: result for result in self._results(header["hosts"])}
        gaps = [_gap(host, NOT_REACHED) for host in header["hosts"] if host not in results]
        lost = [gap for gap in gaps if coming is not None and gap["host"] not in coming]
        complete = lost == gaps
        if not complete:
            for gap in lost:
                self.record(gap)
        now = time.time()
        run = {**header["about"], "seconds": round(max(now - header["began"], 0), 1)} if "began" in header else {}
        known, waived = [*results.values(), *gaps], waivers.of if waivers else nothing_waived
        if azure and complete:
            joined = azure.join(known, self.states, choices, waived)
            self._keep(joined.machines)
        else:
            joined = guests_alone(known, self.states, choices, waived, NOT_ASKED if header["azure"] else None)
        if complete:
            self._make_states()
            # Machines in Azure without a guest are hosts of the report as well.
            hosts = {*header["hosts"], *(one["host"] for one in joined.results)}
            keep_choices(self.states, {host: results.get(host, {}).get("choices") for host in sorted(hosts)})
        # An error code ranks what explains it on a host; the fleet has no such order.
        chosen = {name: choice for name, choice in choices.items() if name != "error_code"}
        fleet = evaluate_fleet(self.states, catalogue(FLEET), machines=joined.machines, **chosen)
        made = report(joined.results, _utc(now), VERSION, fleet, joined.about, run)
        if waivers:
            made["waivers"] = waivers.about(made)
        if history and complete:
            made = history.add(made)
        _files.write(made, self.target(), fail_on, formats)
        return made, complete

    def _keep(self, machines: Mapping[str, Mapping]) -> None:
        if machines:
            self._make_states()
        for name, machine in machines.items():
            machines_in(self.states).keep(name, machine)

    def _make_states(self) -> None:
        self.states.folder.mkdir(mode=0o700, exist_ok=True)

    def close(self) -> None:
        """Ends the run: the report holds everything, and the states lie beside it."""
        if not self._is_open():
            return
        kept = self.target() / "states"
        shutil.rmtree(kept, ignore_errors=True)
        with contextlib.suppress(FileNotFoundError):
            (self.folder / f"states.{self.token}").rename(kept)
        shutil.rmtree(self.folder, ignore_errors=True)

    def target(self) -> pathlib.Path:
        """The directory of the report while the run is open."""
        header = self._header()
        return self.report_dir / header["beside"] if header else self.report_dir

    def replaces(self, path: str) -> bool:
        """Whether the report of this run takes the place of what is there."""
        real = pathlib.Path(os.path.realpath(os.path.expanduser(path)))
        own = pathlib.Path(os.path.realpath(self.report_dir))
        return real == own or own / "states" in (real, *real.parents)

    def _reported(self) -> set[str]:
        """The hosts of the report that is there, in whichever formats."""
        try:
            return hosts_in(SavedStates(self.report_dir / "states"))
        except (OSError, ValueError, TypeError, KeyError):  # What cannot be read is no report of ours.
            return set()

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Meanwhile no other run starts or ends in the report directory, where its file system has locks."""
        with contextlib.ExitStack() as stack:
            with contextlib.suppress(OSError):
                handle = os.open(self.report_dir, os.O_RDONLY)
                stack.callback(os.close, handle)
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def finish_after(self, owner: int, **report: Any) -> None:
        """Leaves a process behind that writes the report when ``owner`` ends without having done so.

        Ctrl-C and a killed run end Ansible without another word to any plugin: only somebody outside can still report.
        The process ends with the run. ``report``: what ``finish`` is told, but for Azure's side and the records of the
        history, which belong to a whole run.
        """
        born = _born(owner)
        child = os.fork()
        if child:
            os.waitpid(child, 0)
            return
        try:
            os.setsid()
            if os.fork() == 0:
                _detach()
                while _alive(owner, born) and self._is_open():
                    time.sleep(_POLL_S)
                with self.alone():
                    if self._is_open():
                        try:
                            self.finish(coming=(), **report)
                        except (OSError, ValueError):  # A run to compare with that cannot be read takes no report.
                            self.finish(coming=())
                        self.close()
        finally:
            os._exit(0)

    def _is_open(self) -> bool:
        header = self._header()
        return header is not None and header["token"] == self.token

    def _header(self) -> dict | None:
        """What the folder's run says of itself; None when there is none, or none that says it in our words."""
        header = _read(self.folder / "run.json")
        if not isinstance(header, dict) or not isinstance(header.get("hosts"), list):
            return None
        return {**_NONE, **header}

    def _results(self, hosts: Iterable[str]) -> Iterator[dict]:
        """The results that this run recorded; one that was damaged is a gap of its host."""
        names = {self._path(host).name: host for host in hosts}
        for path in sorted(self.folder.glob(f"*.{self.token}.json")):
            result = _read(path)
            if _is_result(result):
                yield result
            elif path.name in names:
                yield _gap(names[path.name], UNREADABLE)

    def _path(self, host: str) -> pathlib.Path:
        return self.folder / f"{hashlib.sha256(host.encode()).hexdigest()[:32]}.{self.token}.json"


def take_for_fix(report_dir: str, owner: int) -> None:
    """Takes a report directory for the fix of the process ``owner``, until that ends. Raises ValueError where another
    one has it: each needs the states that it was planned by, before and after."""
    run = Run(report_dir)
    mark = run.report_dir / ".fix.json"
    _files.make(run.report_dir)
    with run.alone():
        found = _read(mark)
        header = {**_NONE, **found} if isinstance(found, dict) else _NONE
        other = header["owner"]
        if other != owner and _alive(other, header["born"]):
            raise ValueError(
                f"Cannot fix with reports in '{run.report_dir}': process {other} runs a fix there; give another "
                "directory, fix_report_dir"
            )
        _write(mark, {"owner": owner, "born": _born(owner)})


def _utc(seconds: float) -> str:
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _gap(host: str, reason: str) -> dict:
    return {"host": host, "verdict": UNKNOWN, "reason": reason, "findings": []}


def _is_result(data: object) -> TypeGuard[dict]:
    return (
        isinstance(data, dict)
        and isinstance(data.get("host"), str)
        and data.get("verdict") in VERDICTS
        and isinstance(data.get("findings"), list)
    )


def _is_folder_of_run(folder: pathlib.Path) -> bool:
    """Whether the folder is one of a run, or the beginning of one, or is not there."""
    if not folder.is_dir():
        return not os.path.lexists(folder)
    names = [path.name for path in folder.iterdir()]
    return not folder.is_symlink() and (not names or any(map(_MARK.fullmatch, names)))


def _read(path: pathlib.Path) -> object:
    """What a file holds; None when it cannot be read."""
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None


def _write(path: pathlib.Path, data: Mapping) -> None:
    draft = path.with_suffix(f".{os.getpid()}")
    try:
        draft.write_text(json.dumps(data, separators=(",", ":")), "utf-8")
        draft.replace(path)
    except OSError as error:
        raise OSError(f"Cannot write '{path}': {error.strerror}") from error


def _alive(pid: object, born: object) -> bool:
    """Whether the process that was ``born`` then still runs: its number may have passed to another one."""
    now = _born(pid) if isinstance(pid, int) and not isinstance(pid, bool) and pid > 0 else None
    return now is not None and (now == born or not now or not born)


def _born(pid: int) -> str | None:
    """When a process was started, in the system's own words (empty where it has none); None when it is gone."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return None
    except PermissionError:
        pass
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return ""
    return None if fields[0] in "ZX" else fields[19]


def _detach() -> None:
    """Lets go of the terminal and of Ansible's pipes: whoever waits for these must not wait for us."""
    with contextlib.suppress(OSError):
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
    os.closerange(3, 4096)
