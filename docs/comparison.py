# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws docs/comparison.md: the reported cases of tests/acceptance against the steps of VM assist (vm_assist.yml)."""

from __future__ import annotations

import pathlib
from collections.abc import Mapping, Sequence

import yaml

HERE = pathlib.Path(__file__).resolve().parent
CASES = HERE.parent / "tests/acceptance"
SYSTEMS = {"linux": "Linux", "windows": "Windows"}

INTRODUCTION = """
[VM assist](https://github.com/Azure/azure-support-scripts/tree/master/vmassist) is Microsoft's script for a VM whose
agent is not ready. It runs on one VM, changes nothing, and prints what it found; it does not look at backup. This page
takes each reported case of `tests/acceptance` and says which step of VM assist looks at its cause.

How it is counted: VM assist was read (commit 6c9066e of April 2026), not run. A step counts as judging the cause if
it looks at the same thing, also where its limit differs. What it lists without judging is counted apart. Cases are
those that this collection's tests hold, so its own column is what these tests require and no measure of cases that it
has not seen. Many cases are of saved disks or archives, on which VM assist does not run; they count as if it did.
"""


def page(note: str) -> str:
    lines = ["# Comparison with VM assist", "", note.rstrip(), INTRODUCTION.rstrip()]
    steps = yaml.safe_load((HERE / "vm_assist.yml").read_text("utf-8"))
    cases = {system: _cases(system) for system in SYSTEMS}
    lines += ["", "| | faulty guests | named first here | VM assist judges it | only lists it | twins, quiet here |"]
    lines += ["|---|---|---|---|---|---|"]
    for system, title in SYSTEMS.items():
        causes = [guest["first_cause"] for _case, guests in cases[system] for guest in guests if _faulty(guest)]
        told = [_steps(cause, steps[system]) for cause in causes]
        judged = sum(any(not step.get("printed") for step in one) for one in told)
        listed = sum(bool(one) for one in told) - judged
        twins = sum(not _faulty(guest) for _case, guests in cases[system] for guest in guests)
        lines.append(f"| {title} | {len(causes)} | {len(causes)} | {judged} | {listed} | {twins} |")
    for system, title in SYSTEMS.items():
        lines += ["", f"## Steps of VM assist on {title}", "", "| step | checks here |", "|---|---|"]
        lines += [f"| {_title(step)} | {_checks(step)} |" for step in steps[system]]
        lines += ["", f"## Cases of {title}", "", "| case | cause | VM assist |", "|---|---|---|"]
        lines += [row for case, guests in cases[system] for row in _row(case, guests, steps[system])]
    return "\n".join(lines) + "\n"


def _cases(system: str) -> list[tuple[Mapping, Sequence[Mapping]]]:
    """Each reported case with its guests."""
    found = []
    for path in sorted((CASES / system).glob("*.yml")):
        read = yaml.safe_load(path.read_text("utf-8"))
        found += [(case, case["guests"]) for case in (read if isinstance(read, list) else [read])]
    return found


def _faulty(guest: Mapping) -> bool:
    return bool(guest.get("first_cause"))


def _steps(cause: str, steps: Sequence[Mapping]) -> list[Mapping]:
    return [step for step in steps if cause in step["checks"]]


def _title(step: Mapping) -> str:
    return step["step"] + (" (listed, not judged)" if step.get("printed") else "")


def _checks(step: Mapping) -> str:
    return ", ".join(f"`{id_}`" for id_ in step["checks"]) or f"none: {step['why']}"


def _row(case: Mapping, guests: Sequence[Mapping], steps: Sequence[Mapping]) -> list[str]:
    """The case by its causes; nothing for one without any, which is a trap."""
    causes = list(dict.fromkeys(guest["first_cause"] for guest in guests if _faulty(guest)))
    told = "; ".join(dict.fromkeys(_title(step) for cause in causes for step in _steps(cause, steps))) or "-"
    return [f"| {case['id']}: {case['about']} | {', '.join(f'`{id_}`' for id_ in causes)} | {told} |"] if causes else []
