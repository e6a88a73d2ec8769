# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file of the guest, fetched over its connection in pieces: what is there already is not fetched again."""

from __future__ import annotations

import base64
import binascii
import fcntl
import hashlib
import json
import os
import pathlib
import re
import shlex
from collections.abc import Callable

from ...module_utils._guest.surroundings import PATH

PIECE = 3 << 20
TRIES = 3
_BEGIN, _END = "vmbackup<", ">vmbackup"
_BETWEEN = re.compile(f"{_BEGIN}([A-Za-z0-9+/=\\s]*){_END}")

Reader = Callable[[str, int, int], str]


def in_sh(path: str, offset: int, length: int) -> str:
    """The command that prints a piece of a file on Linux."""
    # Root may run it with the PATH of the account that signed in.
    read = f"PATH={PATH}; tail -c +{offset + 1} {shlex.quote(path)} | head -c {length} | base64"
    return f"printf '%s' '{_BEGIN}'; {read}; printf '%s' '{_END}'"


def in_powershell(path: str, offset: int, length: int) -> str:
    """The same on Windows, where typographic quotation marks end a text as well."""
    quoted = re.sub("(['\u2018-\u201b])", r"\1\1", path)
    return (
        f"$file = [System.IO.File]::OpenRead('{quoted}'); $bytes = [byte[]]::new({length}); $count = 0; "
        f"try {{ $null = $file.Seek({offset}, 'Begin'); "
        f"while (($read = $file.Read($bytes, $count, {length} - $count)) -gt 0) {{ $count += $read }} }} "
        f"finally {{ $file.Dispose() }}; '{_BEGIN}' + [Convert]::ToBase64String($bytes, 0, $count) + '{_END}'"
    )


class Download:
    """One file of at most ``most`` bytes under way, and beside it the note of what it is a part of.

    As a context manager it is this process's alone: a worker of Ansible goes on fetching when the playbook was killed.
    """

    def __init__(self, target: pathlib.Path, most: int):
        self.target = target
        self._most = most
        self.part = target.with_name(target.name + ".part")
        # Not .json: whoever reads what was saved here would take it for a guest's state.
        self._note = target.with_name(target.name + ".part.note")

    def __enter__(self) -> Download:
        self.target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        while not self._hold():
            os.close(self._held)
        os.fchmod(self._held, 0o600)
        return self

    def _hold(self) -> bool:
        """Whether the file that was locked is still the one of that name: the other run may have finished with it."""
        self._held = os.open(self.part, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._held)
            raise ValueError(f"Cannot fetch to '{self.target}': another run is fetching it") from None
        try:
            return os.path.samestat(os.fstat(self._held), os.lstat(self.part))
        except FileNotFoundError:
            return False

    def __exit__(self, *_error: object) -> None:
        if os.fstat(self._held).st_size == 0 and not self._note.exists():
            self.forget()
        os.close(self._held)

    def begun(self) -> dict | None:
        """What an earlier run has begun to fetch: ``name``, ``sha256``, ``options``; None where there is nothing."""
        try:
            note = json.loads(self._note.read_text("utf-8"))
            whole = isinstance(note, dict) and all(isinstance(note[key], str) for key in ("name", "sha256"))
            return note if whole and isinstance(note["options"], dict) and self.part.exists() else None
        except (OSError, ValueError, KeyError):
            return None

    def begin(self, file: dict, options: dict) -> None:
        """Forgets what was begun before, and begins with ``file``, which was made by ``options``."""
        os.truncate(self._held, 0)
        note = {"name": file["name"], "sha256": file["sha256"], "options": options}
        self._note.write_text(json.dumps(note), "utf-8")

    def forget(self) -> None:
        """Removes what is there of a file that is not whole."""
        for path in (self.part, self._note):
            path.unlink(missing_ok=True)

    def fetch(
        self, file: dict, run: Callable[[str], str], tell: Callable[[int, int], None], read: Reader = in_sh
    ) -> None:
        """Fetches the rest by ``run``, which gives a command's output. Raises ValueError for another file.

        It is in ``part`` until it is kept.
        ``read`` makes the command for a path, an offset and a length.
        """
        size = file["size"]
        if not isinstance(size, int) or not 0 < size <= self._most:
            raise ValueError(f"Cannot fetch '{file['path']}': its size is not one to {self._most:,} bytes")
        with self.part.open("ab") as part:
            done = part.tell()
            while done < size:
                data = _piece(file["path"], done, min(PIECE, size - done), run, read)
                part.write(data)
                done += len(data)
                tell(done, size)
        if _sha256(self.part) != file["sha256"]:
            raise ValueError(f"Cannot fetch '{file['path']}': what arrived is not what was sent")

    def keep(self) -> None:
        """Puts what was fetched in the place of an earlier file."""
        self.part.replace(self.target)
        self._note.unlink(missing_ok=True)


def _piece(path: str, offset: int, length: int, run: Callable[[str], str], read: Reader) -> bytes:
    for _try in range(TRIES):
        # Whatever a sign-in prints stands outside.
        found = _BETWEEN.search(run(read(path, offset, length)))
        try:
            data = base64.b64decode("".join(found[1].split()), validate=True) if found else b""
        except binascii.Error:
            continue
        if len(data) == length:
            return data
    raise ValueError(f"Cannot fetch '{path}': the guest does not give its bytes from {offset:,} on")


def _sha256(path: pathlib.Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()
