# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Guest states as files: one a host, compressed, as a run keeps them and as a diagnosis reads them again."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
import pathlib
import re
import urllib.parse
import zlib
from collections.abc import Iterator, Mapping

from ..module_utils._guest.masking import mask

LIMIT = 8 << 20
"""Bytes of a state, unpacked: twice what a guest may answer. A file from anywhere may be small and unpack to much."""

LIMIT_OF_FLEET = 1 << 30
"""Bytes of a file that is about all hosts of a fleet, and that no guest writes."""

LONGEST_NAME = 200
"""Bytes of the name of a host in the name of a file. File systems take 255, with endings and the mark of a draft."""

_SUFFIX = ".json.gz"
_DIGEST = 32
_HOST = "inventory_hostname"  # in the state of a host whose name is cut in that of the file
_OWN = re.compile(r".+\.json\.gz(\.\d+)?")  # with the number of the process while it is written
_FAST = 1


class SavedStates(Mapping[str, dict]):
    """The states in a folder by host. Each one is read when it is asked for: a fleet need not fit into memory."""

    def __init__(self, folder: pathlib.Path):
        self.folder = folder

    def __getitem__(self, host: str) -> dict:
        try:
            return read(self._path(host))
        except FileNotFoundError:
            raise KeyError(host) from None

    def __iter__(self) -> Iterator[str]:
        for path in sorted(self.folder.glob(f"*{_SUFFIX}")):
            yield _host_of(path)

    def __len__(self) -> int:
        return sum(1 for _host in self)

    def keep(self, host: str, state: Mapping) -> None:
        """Writes the state of a host. Raises OSError with a full sentence."""
        whole = urllib.parse.unquote(file_name(host)) == host
        write(self._path(host), state if whole else {**state, _HOST: host})

    def is_ours(self) -> bool:
        """Whether nothing but states is in the folder, or in its place: what else is there belongs to someone."""
        if not self.folder.is_dir():
            return not os.path.lexists(self.folder)
        parts = machines_in(self).folder, _choices(self).parent
        names = (path.name for path in self.folder.iterdir() if path not in parts)
        own = not self.folder.is_symlink() and all(map(_OWN.fullmatch, names))
        return own and all(SavedStates(part).is_ours() for part in parts)

    def _path(self, host: str) -> pathlib.Path:
        return self.folder / (file_name(host) + _SUFFIX)


def file_name(host: str) -> str:
    """The name of a file about a host. A name of the inventory may hold anything, a slash too, and have any length."""
    name = urllib.parse.quote(host, safe=" ")
    if len(name) <= LONGEST_NAME:
        return name
    return f"{name[: LONGEST_NAME - _DIGEST - 1]}~{hashlib.sha256(host.encode()).hexdigest()[:_DIGEST]}"


def _host_of(path: pathlib.Path) -> str:
    name = path.name.removesuffix(_SUFFIX)
    if len(name) == LONGEST_NAME:
        with contextlib.suppress(OSError, ValueError, KeyError):
            return read(path)[_HOST]
    return urllib.parse.unquote(name)


def kept(report_dir: str) -> SavedStates:
    """The states of guests that a report's run has kept beside it."""
    return SavedStates(pathlib.Path(os.path.expanduser(report_dir)) / "states")


def machines_in(states: SavedStates) -> SavedStates:
    """The states of virtual machines in Azure beside those of guests."""
    return SavedStates(states.folder / "azure")


def keep_choices(states: SavedStates, choices: Mapping[str, Mapping | None]) -> None:
    """Keeps the options by which each host of a report was judged (None: by none) next to its state. Most hosts have
    the same."""
    distinct: dict[str, Mapping | None] = {json.dumps(one, sort_keys=True): one for one in choices.values()}
    numbers = {key: number for number, key in enumerate(distinct)}
    of_hosts = {host: numbers[json.dumps(one, sort_keys=True)] for host, one in choices.items()}
    write(_choices(states), {"choices": mask(list(distinct.values())), "hosts": of_hosts})


def choices_in(states: SavedStates) -> dict[str, dict]:
    """The options by which hosts were judged; empty where none were kept. Raises OSError and ValueError."""
    found = _read_choices(states)
    chosen = {host: found["choices"][number] for host, number in found["hosts"].items()}
    return {host: choices for host, choices in chosen.items() if choices is not None}


def hosts_in(states: SavedStates) -> set[str]:
    """The hosts of the report, with a state or without one. Raises OSError and ValueError."""
    return set(_read_choices(states)["hosts"])


def _read_choices(states: SavedStates) -> dict:
    try:
        return read(_choices(states), LIMIT_OF_FLEET)
    except FileNotFoundError:
        return {"choices": [], "hosts": {}}


def _choices(states: SavedStates) -> pathlib.Path:
    return states.folder / "choices" / f"choices{_SUFFIX}"


def write(path: pathlib.Path, data: Mapping) -> None:
    """Writes compressed JSON into a folder that is made where it is missing.

    Raises OSError with a full sentence.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    text = json.dumps(data, separators=(",", ":")).encode()
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(gzip.compress(text, _FAST, mtime=0))
        draft.replace(path)
    except OSError as error:
        raise OSError(f"Cannot write '{path}': {error.strerror}") from error


def read(path: str | os.PathLike, limit: int = LIMIT) -> dict:
    """The state in a file, compressed or not. Raises OSError, and ValueError where it is larger, or no JSON."""
    with pathlib.Path(path).open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        try:
            data = (gzip.GzipFile(fileobj=file) if packed else file).read(limit + 1)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise ValueError(f"damaged gzip file: {error}") from error
    if len(data) > limit:
        raise ValueError(f"it is larger than {limit >> 20} MiB")
    try:
        return json.loads(data)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except ValueError:
        raise ValueError("it is not JSON") from None
