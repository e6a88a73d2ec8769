# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report says of Azure as a whole: what was read, what was not, and which halves are alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ._groups import counted

_MOST_NAMES = 10


def warning(report: Mapping) -> str:
    """That Azure was to be read and was not, in a sentence; else empty."""
    error = report.get("azure", {}).get("error")
    return f"The verdicts are those of the guests alone. {error}" if error and report["hosts"] else error or ""


def notes(report: Mapping) -> list[str]:
    """Sentences on Azure's side of the run; none where it had no part in it, or could not be read."""
    about = report.get("azure")
    return [] if not about or about["error"] else list(_notes(about))


def _notes(about: Mapping) -> Iterator[str]:
    read = f", read {about['read_at']}" if about["read_at"] else ""
    yield f"{counted(about['machines'], 'virtual machine')}{read}"
    for gap in about["gaps"]:
        yield _gap(gap)
    yield from about["ambiguous"]
    hosts = about["hosts_without_machine"]
    if hosts:
        yield f"{counted(len(hosts), 'host')} without a virtual machine that was found: {_names(hosts)}"
    machines = about["machines_without_host"]
    bare = [one["name"] for one in machines if one["azure"]["protected"] is False]
    kept = [one["name"] for one in machines if one["azure"]["protected"] is not False]
    if bare:
        yield f"{counted(len(bare), 'virtual machine')} neither protected nor in the inventory: {_names(bare)}"
    if kept:
        yield f"{counted(len(kept), 'virtual machine')} not in the inventory: {_names(kept)}"


def _gap(gap: Mapping) -> str:
    scope = f" of {gap['scope']}" if gap.get("scope") else ""
    because = f"needs the permission {gap['permission']}" if gap.get("permission") else gap.get("reason")
    return f"Not read: {gap.get('what') or 'facts'}{scope}{f': {because}' if because else ''}"


def _names(names: Sequence[str]) -> str:
    rest = f" and {len(names) - _MOST_NAMES:,} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + rest
