# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What changed since an earlier run, as the outputs tell it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .._engine._model import FAIL
from .._engine._reconcile import waived
from ._gate import NEVER, ON_CRITICAL
from ._groups import counted

HEADINGS = {
    "new": "New since {when}",
    "returned": "Back since {when}",
    "gone": "Gone since {when}",
}


def fresh(report: Mapping) -> frozenset[tuple[str, str]] | None:
    """``(host, check)`` of findings that are new or back; None where no run is compared with."""
    changes = report.get("history")
    if not changes or changes["compared_with"] is None:
        return None
    return frozenset(
        (host, one["id"]) for kind in ("new", "returned") for one in changes[kind] for host in one["hosts"]
    )


def breaking(report: Mapping, fail_on_new: str) -> tuple[str, list[str]] | None:
    """Why a run with this gate ends with an error, in a sentence, and the hosts that break it; None where it does not.

    ``critical``: a finding that fails is new or back, or a host no longer gives a state. ``warning``: also warnings.
    """
    changes = report.get("history")
    if fail_on_new == NEVER or not changes or changes["compared_with"] is None:
        return None
    found = [
        one
        for kind in ("new", "returned")
        for one in changes[kind]
        if fail_on_new != ON_CRITICAL or one["status"] == FAIL
    ]
    parts = []
    hosts = dict.fromkeys(host for one in found for host in one["hosts"])
    if found:
        parts.append(f"{counted(len(found), 'condition')} on {counted(len(hosts))}")
    if changes["lost"]:
        parts.append(f"{counted(len(changes['lost']))} without a state")
    return (f"New since {changes['compared_with']}: {', '.join(parts)}", [*hosts, *changes["lost"]]) if parts else None


def headline(changes: Mapping) -> str:
    """The changes in one sentence."""
    if changes["compared_with"] is None:
        return "There is no earlier run to compare with"
    numbers = {kind: sum(len(one["hosts"]) for one in changes[kind]) for kind in HEADINGS}
    parts = [f"{numbers['new']:,} new", f"{numbers['returned']:,} back", f"{numbers['gone']:,} gone"]
    lost = f"; {counted(len(changes['lost']))} gave a state then and none now" if changes["lost"] else ""
    return f"Findings since {changes['compared_with']}: {', '.join(parts)}{lost}"


def sections(changes: Mapping) -> Iterator[tuple[str, list[Mapping]]]:
    """``(heading, what changed by check)`` of each kind that has something; none without an earlier run."""
    for kind, heading in HEADINGS.items():
        if changes["compared_with"] is not None and changes[kind]:
            yield heading.format(when=changes["compared_with"]), changes[kind]


def waived_text(finding: Mapping) -> str | None:
    """Why a finding is accepted, by whom and until when; None where it is not."""
    by = finding.get("waived")
    return by and f"{by['reason']} ({by['owner']}, until {by['until']})"


def waiver_notes(report: Mapping) -> Iterator[str]:
    """Sentences on waivers: how many findings they cover, and those that need somebody."""
    numbers = list(filter(None, map(waived, report["hosts"])))
    if numbers:
        yield f"{counted(sum(numbers), 'finding')} on {counted(len(numbers))} waived: they do not count"
    for one in report.get("waivers", ()):
        subject = one["hosts"] or ", ".join(f"{name}={value}" for name, value in one["azure_tag"].items())
        named = f"waiver {one['number']} ({one['check']} on {subject}, {one['owner']})"
        if one["state"] == "expired":
            yield f"Expired on {one['until']}: {named}"
        elif one["state"] == "unused":
            yield f"Matches nothing: {named}"
