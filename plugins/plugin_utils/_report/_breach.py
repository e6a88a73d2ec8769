# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a run fails, and which host is charged with it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from . import _changes
from ._gate import breaking, nobody, unread
from ._groups import counted


def breach(report: Mapping, fail_on: str, fail_on_new: str) -> tuple[str, list[str]] | None:
    """The reason in a sentence, and the hosts that break a gate; None where none does."""
    everyone = [host["host"] for host in report["hosts"]]
    broken = breaking(report, fail_on)
    if broken:
        return f"Backup is not ready on {len(broken):,} of {counted(len(everyone))}", broken
    if nobody(report):
        return _nobody(report), everyone
    if unread(report, fail_on):
        return report["azure"]["error"], everyone
    return _changes.breaking(report, fail_on_new)


def charged(names: Iterable[str], playing: Iterable[str], groups: Collection[str]) -> str | None:
    """The first of these hosts that a play can be made for: it still plays, and its name means nothing else."""
    known = set(playing) - set(groups)
    return next((name for name in names if name in known and re.fullmatch(r"[\w.-]+", name)), None)


def _nobody(report: Mapping) -> str:
    number = len(report["hosts"])
    if number:
        return f"Cannot diagnose {'the host' if number == 1 else f'any of the {counted(number)}'}"
    return (report.get("azure") or {}).get("error") or "Cannot diagnose from Azure: no virtual machine was found"
