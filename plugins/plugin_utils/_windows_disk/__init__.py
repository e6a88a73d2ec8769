# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guest state of a Windows system whose disk is mounted here, from its files and registry hives.

Nothing on the disk is written or run. Facts that need the running system are missing, with the code that says so.
"""

from __future__ import annotations

import json
import os
import platform
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping

from ...module_utils._guest import apart
from ...module_utils._guest.host import NEEDS_LIVE, Missing
from ...module_utils._guest.masking import mask
from ...module_utils._probe import MAX_STATE, SCHEMA, Facts
from .._engine import _gaps
from .._facts import sections
from .._report._text import visible
from ._backup import agent, backup
from ._disk import CONFIG, NEEDED, Disk
from ._events import events
from ._extension import extension
from ._network import firewall, proxy
from ._services import services
from ._system import clock, dotnet, identity, load, security, storage
from ._tree import Tree

MAX_DEPTH = 3
MAX_DIRECTORIES = 2000
_SECTIONS: dict[str, Callable[[Disk, Facts], None]] = {
    section.__name__: section
    for section in (
        *(identity, services, agent, backup, extension, proxy, firewall),
        *(load, clock, security, dotnet, storage, events),
    )
}


def systems(top: str) -> list[str]:
    """The roots of Windows systems at or below a directory; none of them is inside another."""
    found, todo, left = [], [(top, 0)], MAX_DIRECTORIES
    while todo and left:
        left -= 1
        folder, depth = todo.pop(0)
        try:
            if _holds_system(Tree(folder)):
                found.append(folder)
            elif depth < MAX_DEPTH:
                with os.scandir(folder) as entries:
                    below = [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
                todo += [(path, depth + 1) for path in sorted(below)]
        except OSError:
            continue
    return found


def _holds_system(tree: Tree) -> bool:
    try:
        return all(tree.is_file(rf"{CONFIG}\{hive}") for hive in NEEDED)
    except Missing:
        return False


def state(root: str, timeout: float) -> dict:
    """The guest state. Raises ValueError with a full sentence for hives that cannot be read."""
    # In a process of its own: a damaged disk may hang whoever reads it.
    # It is killed when it is late, so copies are removed here.
    with tempfile.TemporaryDirectory() as folder:
        text = apart.run(lambda: json.dumps(_answer(root, folder, timeout)).encode("ascii"), timeout)
    if text is None:
        raise ValueError(f"Cannot read '{root}': no answer within {timeout:g} s")
    if len(text) > MAX_STATE:
        raise ValueError(f"Cannot read '{root}': a guest state of {len(text):,} characters is too large")
    answer = json.loads(text)
    if "error" in answer:
        raise ValueError(answer["error"])
    return answer


def _answer(root: str, folder: str, timeout: float) -> dict:
    try:
        return collected(Disk(root, folder, timeout), timeout)
    except ValueError as error:
        return {"error": str(error)}
    except Missing as missing:
        reason = _gaps.text(missing.reason)
        return {"error": f"Cannot read '{root}': {reason}" if _gaps.code(missing.reason) else reason}


def collected(disk: Disk, timeout: float) -> dict:
    started = time.monotonic()
    missing: dict[str, str] = {}
    hives = {name: {"path": hive.path, "dirty": hive.dirty, "logs": hive.applied} for name, hive in disk.hives.items()}
    found: dict = {
        "schema": SCHEMA,
        "platform": "windows",
        "mode": "tree",
        "captured": disk.written.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "privileged": os.geteuid() == 0,
        "probe": {"python": platform.python_version(), "timeout_s": timeout, "root": disk.tree.root, "hives": hives},
        "missing": missing,
    }
    for name, declared in sections("windows").items():
        facts = Facts()
        if name in _SECTIONS:
            _collect(name, disk, facts)
        for fact in declared.parts:
            if fact != "read_from" and fact not in facts and "" not in facts.missing:
                facts.missing.setdefault(fact, NEEDS_LIVE)
        found[name] = mask(dict(facts))
        missing.update({f"{name}.{fact}".rstrip("."): mask(reason) for fact, reason in facts.missing.items()})
    found["probe"]["seconds"] = round(time.monotonic() - started, 3)
    return found


def _collect(name: str, disk: Disk, facts: Facts) -> None:
    try:
        _SECTIONS[name](disk, facts)
    except Missing as missing:
        facts.lack("", missing)
    except Exception as error:  # pylint: disable=broad-except  # one section's surprise must not take the others down
        facts.lack("", f"Cannot read '{name}': {type(error).__name__}")


def dirty(host: str, guest: Mapping) -> list[dict]:
    """The hives of a disk's guest state that Windows had not written completely, with the logs that completed them."""
    hives = guest.get("probe", {}).get("hives", {})
    return [{"host": host, "path": hive["path"], "logs": hive["logs"]} for hive in hives.values() if hive["dirty"]]


def lines(hives: Iterable[Mapping]) -> Iterator[str]:
    """The same for a terminal."""
    for hive in hives:
        logs = ", ".join(hive["logs"])
        how = f"read with {logs}" if logs else "no transaction log continues it, so its newest changes may be missing"
        yield f"{hive['host']}: the registry hive '{visible(hive['path'])}' is dirty; {how}"
