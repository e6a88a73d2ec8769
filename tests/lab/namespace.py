# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Work inside a network namespace: commands by nsenter, sockets by a thread of our own."""

from __future__ import annotations

import ctypes
import os
import socket
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from .command import run

T = TypeVar("T")

_CLONE_NEWNET = 0x40000000


def path_of(name: str) -> Path:
    return Path("/run/netns") / name


def within(name: str, argv: Sequence[str | os.PathLike]) -> list[str]:
    """The command, run in the namespace ('ip netns exec' would remount /sys and hide the control groups)."""
    return ["nsenter", f"--net={path_of(name)}", "--", *map(str, argv)]


def call_within(name: str, action: Callable[[], T]) -> T:
    """Call the function in a thread that lives in the namespace; sockets made there stay in it."""
    outcome: list[T] = []
    failure: list[BaseException] = []

    def enter_and_call() -> None:
        try:
            _setns(path_of(name))
            outcome.append(action())
        except BaseException as exc:  # handed to the caller's thread
            failure.append(exc)

    thread = threading.Thread(target=enter_and_call)
    thread.start()
    thread.join()
    if failure:
        raise failure[0]
    return outcome[0]


def _setns(path: Path) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    with open(path, "rb") as handle:
        if libc.setns(handle.fileno(), _CLONE_NEWNET):
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code), str(path))


def answers(name: str, address: str, port: int, timeout: float = 1, banner: bytes = b"") -> bool:
    """Whether a TCP connection from the namespace is accepted, and greets with the banner where one is asked for."""

    def connect() -> bool:
        with socket.create_connection((address, port), timeout) as link:
            return link.recv(len(banner)) == banner if banner else True

    try:
        return call_within(name, connect)
    except OSError:
        return False


def exists(name: str) -> bool:
    return path_of(name).exists()


def create(name: str) -> None:
    if not exists(name):
        run(["ip", "netns", "add", name])
        run(within(name, ["ip", "link", "set", "lo", "up"]))


def delete(name: str) -> None:
    if exists(name):
        run(["ip", "netns", "del", name])


def family(name: str) -> list[str]:
    """The namespace and those of its hosts, as far as they exist."""
    folder = path_of(name).parent
    found = [entry.name for entry in folder.iterdir()] if folder.is_dir() else []
    return sorted(entry for entry in found if entry == name or entry.startswith(f"{name}."))
