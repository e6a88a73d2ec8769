# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collection knows of a check, on one page: for docs/checks.md, the site and the terminal."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

from . import _error_codes, _facts, _registry
from ._engine._model import Check
from ._report._text import wrap
from ._words import did_you_mean

SUBJECTS = {"linux": "Linux", "windows": "Windows", "azure": "Azure", "fleet": "fleet"}
"""What a check judges, as people call it."""

_LABEL_COLUMNS = 13


def named(name: str) -> list[Check]:
    """The checks with this id, or former id. Raises ValueError with a full sentence."""
    names = _registry.names()
    if name not in names and _error_codes.about(name):
        raise ValueError(
            f"Cannot explain '{name}': error codes are explained by a diagnosis, -e diagnose_error_code={name}"
        )
    if name not in names:
        raise ValueError(f"Cannot explain '{name}': unknown check{did_you_mean(name, names)}")
    return [check for check in _registry.every_check() if check.id == names[name]]


def page(check: Check) -> dict:
    """Everything that is to be told of a check."""
    return {
        "id": check.id,
        "subjects": [SUBJECTS[subject] for subject in check.subjects],
        "title": check.title,
        "severity": check.severity,
        "stage": check.stage.name.replace("_", " ").lower(),
        "about": _registry.about(check).strip(),
        "reads": [{"fact": path, "meaning": _meaning(check, path)} for path in check.needs],
        "advice": check.advice,
        "remedies": list(check.remedies),
        "causes": sorted({id_ for subject in check.subjects for id_ in _registry.catalogue(subject).causes[check.id]}),
        "error_codes": list(check.error_codes),
        "aliases": list(check.aliases),
        "sources": [dataclasses.asdict(source) for source in check.sources],
    }


def _meaning(check: Check, path: str) -> str:
    """What the declaration of a fact says of it; empty where that is clear from its name."""
    section, *names = path.split(".")
    fact = _facts.sections(check.subjects[0])[section]
    for name in names:
        # Names of services and the like are data.
        fact = fact.parts[name] if name in fact.parts else fact.rest or fact
    return fact.about


def lines(told: dict, columns: int) -> Iterator[str]:
    """A page for a terminal."""
    yield from wrap(f"{told['id']} ({', '.join(told['subjects'])})", columns)
    yield from _block("", [told["title"]], columns)
    yield from _block("Severity", [f"{told['severity']}; part of the chain: {told['stage']}"], columns)
    yield from _block("Why", told["about"].replace("``", "`").split("\n\n"), columns)
    reads = [f"{one['fact']}: {one['meaning']}" if one["meaning"] else one["fact"] for one in told["reads"]]
    yield from _block("Reads", reads, columns)
    yield from _block("Follows from", [", ".join(told["causes"])], columns)
    yield from _block("Error codes", [", ".join(told["error_codes"])], columns)
    yield from _block("By hand", [told["advice"]], columns)
    yield from _block("By playbook", [by_playbook(told)], columns)
    yield from _block("Formerly", [", ".join(told["aliases"])], columns)
    for number, source in enumerate(told["sources"]):
        yield from _block("" if number else "Sources", [source["title"]], columns)
        yield f"{'':{_LABEL_COLUMNS}}{source['url']}"


def by_playbook(told: dict) -> str:
    """How the collection fixes it; empty where it does not."""
    if not told["remedies"]:
        return ""
    return f"{', '.join(told['remedies'])}, where the facts allow it: {command(told)}"


def command(told: dict) -> str:
    """What applies the remedies of a check."""
    return f"ansible-playbook vmbackup.azure.fix -e remediate_allow={told['id']}"


def _block(label: str, texts: Iterable[str], columns: int) -> Iterator[str]:
    """Paragraphs next to their label; nothing where all of them are empty."""
    for text in filter(None, texts):
        for line in wrap(text, max(columns - _LABEL_COLUMNS, 20)):
            yield f"{label:{_LABEL_COLUMNS}}{line}"
            label = ""
