# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was saved of guests, wherever it lies: guest states, reports, evidence archives, and mounted disks."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import urllib.parse
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from ..module_utils import _probe
from ..module_utils._guest import apart, disks
from ..module_utils._guest.masking import mask
from . import _resource, _states, _windows_disk
from ._engine import _schema
from ._engine._evaluate import UNKNOWN
from ._evidence import _archive
from ._registry import diagnose
from ._report._text import visible
from ._signatures import for_probe

_ENDINGS = (".json", ".json.gz", ".zip")


class Saved(NamedTuple):
    """One guest. ``load`` gives its state, or raises ValueError or OSError."""

    name: str
    path: pathlib.Path
    load: Callable[[], dict]


def found(paths: Iterable[str], timeout: float) -> list[Saved]:
    """All guests in files and directories, each with a name of its own.

    Raises ValueError for a path that holds nothing. ``timeout``: seconds for reading a mounted disk.
    """
    paths = list(paths)
    if "" in paths:  # It would be the directory that one happens to be in.
        raise ValueError("Cannot diagnose '': the path is empty")
    all_saved: list[Saved] = []
    for path in paths:
        try:
            all_saved += _at(pathlib.Path(os.path.expanduser(path)).absolute(), timeout)
        except OSError as error:
            raise ValueError(f"Cannot diagnose '{path}': {error.strerror}") from error
    names = Counter(saved.name for saved in all_saved)
    return [saved._replace(name=_full(saved)) if names[saved.name] > 1 else saved for saved in all_saved]


def _touched(path: pathlib.Path) -> bytes:
    """Something, once all that is looked at for the names of guests was there."""
    with contextlib.suppress(OSError):
        for each in [path] if not path.is_dir() else [file for file in path.iterdir() if file.is_file()]:
            _archive.is_archive(each)
        for root in disks.systems(str(path)):
            (pathlib.Path(root) / "etc/hostname").is_file()
        _windows_disk.systems(str(path))
    return b"there"


def _silent(path: pathlib.Path, timeout: float) -> Saved:
    """A file or directory that hangs whoever reads it, as one on a dead file server does."""

    def load() -> dict:
        raise ValueError(f"Cannot read '{path}': no answer within {timeout:g} s")

    return Saved(_name(otherwise=path.name), path, load)


def _full(saved: Saved) -> str:
    return f"{saved.name} ({saved.path})"


def _at(path: pathlib.Path, timeout: float) -> Iterator[Saved]:
    if apart.run(lambda: _touched(path), timeout) is None:
        yield _silent(path, timeout)
        return
    if not path.is_dir():
        yield _file(path)
        return
    states = path / "states"
    if states.is_dir() and (path / "report.json").exists():
        path = states
    files = sorted(file for file in path.iterdir() if file.name.endswith(_ENDINGS) and file.is_file())
    roots, windows = disks.systems(str(path)), _windows_disk.systems(str(path))
    if str(path) in (*roots, *windows):
        files = []  # of the system itself
    elif files:
        roots = windows = []
    if not files and not roots and not windows:
        raise ValueError(f"Cannot diagnose '{path}': it holds no guest state, no archive and no system")
    yield from map(_file, files)
    for root in roots:
        yield _disk(pathlib.Path(root), path, timeout)
    for root in windows:
        yield _of_windows(pathlib.Path(root), timeout)


def _file(path: pathlib.Path) -> Saved:
    if _archive.is_archive(path):
        return _of_archive(path)
    name = path.name.removesuffix(".gz").removesuffix(".json")
    return Saved(_name(urllib.parse.unquote(name), otherwise=name), path, lambda: _states.read(path))


def _of_archive(path: pathlib.Path) -> Saved:
    said: list[object] = []
    try:
        archive = _archive.Archive(path)
        said.append(archive.manifest.get("host"))
        about = archive.document("about")
        said.insert(0, about.get("inventory_hostname") if isinstance(about, dict) else None)
    except ValueError:
        pass  # said when it is loaded

    def load() -> dict:
        state = _archive.Archive(path).document("state")
        if state is None:
            raise ValueError(
                f"Cannot diagnose '{path}': it holds no guest state, because the guest could not be probed"
            )
        return state

    return Saved(_name(*said, otherwise=path.name.removesuffix(".zip")), path, load)


def _disk(root: pathlib.Path, top: pathlib.Path, timeout: float) -> Saved:
    host = disks.Host(str(root))
    try:
        name = host.line("/etc/hostname")
    except disks.Missing:
        name = None

    def load() -> dict:
        options = {"root": str(root), "beside": str(top), "timeout": timeout, "signatures": for_probe()}
        try:
            return json.loads(_probe.answer(options))
        except RuntimeError as error:
            raise ValueError(str(error)) from None

    return Saved(_name(name, otherwise=os.fspath(root)), root, load)


def _of_windows(root: pathlib.Path, timeout: float) -> Saved:
    return Saved(_name(otherwise=os.fspath(root)), root, lambda: _windows_disk.state(str(root), timeout))


def _name(*said: object, otherwise: str) -> str:
    """The first name that a report can show, and keep a state under: a guest may call itself anything."""
    return next((name for name in said if isinstance(name, str) and _is_name(name)), visible(otherwise))


def _is_name(text: str) -> bool:
    return text == visible(text) and 0 < len(urllib.parse.quote(text)) <= _states.LONGEST_NAME


def loaded(saved: Saved) -> dict:
    """The state of one guest, fit for judging. Raises ValueError with a full sentence."""
    try:
        return _schema.accept(mask(saved.load()))
    except OSError as error:
        reason = f"Cannot read '{saved.path}': {error.strerror or error}"
    except RecursionError:
        reason = f"Cannot read '{saved.path}': it is nested too deeply"
    except _schema.NoState as error:
        reason = f"Cannot judge '{saved.path}': {error.reason}"
    except ValueError as error:
        reason = str(error) if str(error).startswith("Cannot ") else f"Cannot read '{saved.path}': {error}"
    raise ValueError(reason)


def judged(saved: Saved, choices: Mapping) -> tuple[dict, dict | None]:
    """The result of one guest, and its state. What cannot be read is a result as well, and stops no other one."""
    try:
        state = loaded(saved)
    except ValueError as error:
        nothing: dict = {"platform": None, "first_cause": None, "cause": None, "findings": []}
        return {"host": saved.name, **nothing, "verdict": UNKNOWN, "reason": str(error)}, None
    vm = _resource.of(_resource.of_guest(state))
    return {"host": saved.name, **diagnose(state, **choices), "reason": None, "vm": vm}, state


def unmounted(host: str, guest: Mapping) -> list[dict]:
    """The file systems that the state of a mounted Linux disk lacks, because they are not mounted."""
    found = guest.get("probe", {}).get("unmounted", {})
    return [{"host": host, "target": target, "source": source} for target, source in found.items()]


def lines(absent: Iterable[Mapping]) -> Iterator[str]:
    """The same for a terminal."""
    for each in absent:
        yield (
            f"{each['host']}: the file system '{visible(each['target'])}' ({visible(each['source'])}) is not mounted: "
            "mount it next to the root, and diagnose again"
        )
