# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last words of a fix (how many hosts it changed, which it could not fix, how to take it back) and of an undo."""

from __future__ import annotations

import collections
import os
import shlex
from collections.abc import Iterable, Iterator, Mapping

from ._engine._evaluate import VERDICTS
from ._report._groups import VERDICT_NAMES, counted
from ._report._text import visible
from ._run import REPORT_DIR

_MOST_FAILED = 10
_MOST_LEFT = 5


def lines(
    hosts: list[Mapping],
    run_id: str,
    checked: bool,
    sources: Iterable[str],
    report_dir: str,
    plan: str | None = None,
) -> Iterator[str]:
    """The totals of the results in fix.json. ``checked``: in check mode. ``plan``: the plan that was written instead of
    a fix. ``sources``: those of the inventory."""
    applied = "planned" if plan else "done"
    done = [host for host in hosts if host[applied]]
    failed = [host for host in hosts if host["failed"]]
    others = [host for host in hosts if not (host[applied] or host["failed"])]
    left = sum(bool(host["left"]) for host in others)
    idle = sum(not (host["left"] or host["planned"]) for host in others)
    changed = f"{len(done):,} of {counted(len(hosts))} {'would be changed' if checked or plan else 'changed'}"
    as_found = f", {left:,} left as found" if left else ""
    yield f"{'Plan' if plan else 'Fix'}: {changed}, {len(failed):,} failed{as_found}, {idle:,} with nothing to do"
    yield f"Before: {_verdicts(host['before'] for host in hosts)}"
    if any(host["after"] for host in hosts):
        yield f"After:  {_verdicts(host['after'] or host['before'] for host in hosts)}"
    yield from _failures(failed)
    yield from _left(hosts)
    if plan:
        yield f"Written: {plan}"
        yield f"To apply: {_command('fix', sources, '-e', f'fix_plan={plan}')}"
    elif run_id and not checked:
        yield f"Run: {run_id}"
        # What could not be verified may have changed the host all the same.
        if any(host["done"] or (host["failed"] and host["planned"]) for host in hosts):
            yield f"To undo: {undo_command(run_id, sources, report_dir)}"


def undo_command(
    run_id: str, sources: Iterable[str], report_dir: str, host: str | None = None, playbook: str = "undo"
) -> str:
    """The command that takes back what a run did, on one host or on all. ``sources``: those of the inventory.
    ``playbook``: where that is not ``undo``, the one that takes back its own runs."""
    place = os.path.abspath(os.path.expanduser(report_dir))
    usual = os.path.realpath(place) == os.path.realpath(REPORT_DIR["default"])
    limit = ["--limit", host] if host else []
    journal = [] if usual else ["-e", f"{playbook}_report_dir={place}"]
    run = "undo_run_id" if playbook == "undo" else f"{playbook}_undo_run_id"
    return _command(playbook, sources, *limit, *journal, "-e", f"{run}={run_id}")


def undone(hosts: list[Mapping], run_id: str, checked: bool) -> Iterator[str]:
    """The totals of an undo. ``checked``: in check mode."""
    failed = [host for host in hosts if host["failed"]]
    restored = sum(bool(host["restored"]) for host in hosts if not host["failed"])
    idle = len(hosts) - len(failed) - restored
    yield (
        f"Undo: {restored:,} of {counted(len(hosts))} {'would be restored' if checked else 'restored'}, "
        f"{len(failed):,} failed, {idle:,} with nothing to undo"
    )
    yield from _failures(failed)
    for host in hosts:
        for what in host["kept"]:
            yield f"Left: {visible(host['host'])}: {visible(what)}"
    yield f"Run: {run_id}"


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
    if not (result["planned"] or result["failed"] or result["left"]):
        yield "nothing to do"


def _failures(failed: list[Mapping]) -> Iterator[str]:
    for host in failed[:_MOST_FAILED]:
        yield f"Failed: {visible(host['host'])}: {visible(host['failed'])}"
    if len(failed) > _MOST_FAILED:
        yield f"and {len(failed) - _MOST_FAILED:,} more that failed"


def _left(hosts: Iterable[Mapping]) -> Iterator[str]:
    """What a remedy could fix and this run did not, with the reason."""
    found = collections.Counter(
        (entry["check"], entry["reason"]) for host in hosts for entry in host["left"] if entry["remedy"]
    )
    for (check, reason), number in found.most_common(_MOST_LEFT):
        yield f"Left: {check} ({counted(number)}): {visible(reason)}"
    if len(found) > _MOST_LEFT:
        yield f"and {len(found) - _MOST_LEFT:,} more that were left"


def _command(playbook: str, sources: Iterable[str], *arguments: str) -> str:
    inventory = [word for source in sources for word in ("-i", str(source))]
    return shlex.join(["ansible-playbook", f"vmbackup.azure.{playbook}", *inventory, *arguments])


def _verdicts(verdicts: Iterable[str]) -> str:
    counts = collections.Counter(verdicts)
    return ", ".join(f"{counts[name]:,} {VERDICT_NAMES[name]}" for name in VERDICTS if counts[name])
