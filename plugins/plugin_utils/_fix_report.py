# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a fix says at its end: how many hosts it changed, which it could not fix, and how to take it back."""

from __future__ import annotations

import collections
import shlex
from collections.abc import Iterable, Iterator, Mapping

from ._report._groups import counted
from ._report._text import visible

_MOST_FAILED = 10
_VERDICTS = ("ready", "partial", "at_risk", "degraded", "unknown", "unreachable", "blocked")


def lines(hosts: list[Mapping], run_id: str, checked: bool, undo: Iterable[str]) -> Iterator[str]:
    """The totals of the results in fix.json. ``checked``: in check mode. ``undo``: further arguments of an undo."""
    done = [host for host in hosts if host["done"]]
    failed = [host for host in hosts if host["failed"]]
    idle = [host for host in hosts if not (host["planned"] or host["failed"])]
    changed = f"{len(done):,} of {counted(len(hosts))} {'would be changed' if checked else 'changed'}"
    yield f"Fix: {changed}, {len(failed):,} failed, {len(idle):,} with nothing to do"
    yield f"Before: {_verdicts(host['before'] for host in hosts)}"
    if any(host["after"] for host in hosts):
        yield f"After:  {_verdicts(host['after'] or host['before'] for host in hosts)}"
    for host in failed[:_MOST_FAILED]:
        yield f"Failed: {visible(host['host'])}: {visible(host['failed'])}"
    if len(failed) > _MOST_FAILED:
        yield f"and {len(failed) - _MOST_FAILED:,} more that failed"
    if run_id:
        yield f"Run: {run_id}"
    # What could not be verified may have changed the host all the same.
    if run_id and not checked and any(host["done"] or (host["failed"] and host["planned"]) for host in hosts):
        command = ["ansible-playbook", "vmbackup.azure.undo", *undo, "-e", f"undo_run_id={run_id}"]
        yield f"To undo: {shlex.join(command)}"


def outcomes(result: Mapping, checked: bool) -> Iterator[str]:
    """What became of one host, in words to filter by. ``checked``: in check mode."""
    if result["done"]:
        yield "would be changed" if checked else "changed"
    if result["failed"]:
        yield "failed"
    if result["new"]:
        yield "new findings"
    if result["left"]:
        yield "something left"
    if not (result["planned"] or result["failed"]):
        yield "nothing to do"


def _verdicts(verdicts: Iterable[str]) -> str:
    counts = collections.Counter(verdicts)
    return ", ".join(f"{counts[name]:,} {name}" for name in _VERDICTS if counts[name])
