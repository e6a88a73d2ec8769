# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes what is drawn from the code: docs/checks.md, docs/guest-state.md and the types of facts (``make docs``)."""

from __future__ import annotations

import json
import pathlib
import sys
from collections.abc import Iterator

REPO = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPO / ".collections"))

from ansible_collections.vmbackup.azure.plugins.plugin_utils import _facts, _registry  # noqa: E402
from ansible_collections.vmbackup.azure.plugins.plugin_utils._knowledge import rows  # noqa: E402

NOTE = "<!-- Drawn from the code by `make docs`. Do not edit. -->\n"


SUBJECTS = {"linux": "Linux", "windows": "Windows", "azure": "Azure", "fleet": "fleet"}


def checks_page() -> str:
    found = sorted(_registry.every_check(), key=lambda check: (check.stage, check.id, check.subjects))
    lines = ["# Checks", "", NOTE]
    lines += [
        f"{len(found)} checks, in the order of the chain: the vault's order, the virtual machine, its guest, the",
        "recovery point. An earlier link explains trouble at later ones. A check that fails makes a host `blocked`; a",
        "missing fact gives `unknown`, never `ok`.",
        "",
    ]
    for stage in sorted({check.stage for check in found}):
        lines += [f"## {stage.name.replace('_', ' ').capitalize()}", ""]
        lines += ["| check | of | severity | healthy | follows from |", "|---|---|---|---|---|"]
        for check in (one for one in found if one.stage == stage):
            causes = {cause for subject in check.subjects for cause in _registry.catalogue(subject).causes[check.id]}
            link = f"[`{check.id}`](#{_anchor(check)})"
            cells = [link, _of(check), check.severity, check.title, ", ".join(f"`{id_}`" for id_ in sorted(causes))]
            lines.append(f"| {' | '.join(cells)} |")
        lines.append("")
    lines += ["## Each check", ""]
    for check in sorted(found, key=lambda one: (one.id, one.subjects)):
        lines += _entry(check)
    lines += [
        "## Error codes of Azure Backup",
        "",
        "| code | cause lies in | explained by | what to do |",
        "|---|---|---|---|",
    ]
    for row in rows("error_codes"):
        ids = sorted({check.id for check in found if row["name"] in check.error_codes})
        causes = ", ".join(f"`{id_}`" for id_ in ids) or "no check"
        place = {"guest": "the guest", "azure": "Azure"}[row["place"]]
        lines.append(f"| [{row['name']}]({row['url']}) | {place} | {causes} | {row['advice']} |")
    return "\n".join(lines) + "\n"


def _of(check) -> str:
    return ", ".join(SUBJECTS[subject] for subject in check.subjects)


def _anchor(check) -> str:
    return f"{check.id}-{_of(check)}".lower().replace(", ", "-")


def _entry(check) -> list[str]:
    lines = [f"### {check.id} ({_of(check)})", "", _registry.about(check).strip(), ""]
    if check.advice:
        lines += [f"What to do: {check.advice}", ""]
    if check.sources:
        lines += ["Sources: " + "; ".join(f"[{source.title}]({source.url})" for source in check.sources) + ".", ""]
    if check.aliases:
        lines += ["Formerly " + ", ".join(f"`{alias}`" for alias in check.aliases) + ".", ""]
    return lines


ENVELOPE = {
    "schema": "Version of this form, 1.",
    "platform": "`linux` or `windows`.",
    "mode": "`live`, or `tree` for the files of a system that does not run.",
    "captured": "When, UTC.",
    "privileged": "Whether the probe was root or an administrator.",
    "probe": "Version of its interpreter, its time-out and the seconds that it took.",
    "missing": "Facts that could not be had, by their path, with the reason.",
}


def guest_state_page() -> str:
    lines = ["# Guest state", "", NOTE]
    lines += [
        "What a probe states of a guest: a few facts on itself, and sections.",
        "",
        "A fact that could not be had is not there; `missing` names it with the reason. `null` is a fact: the probe",
        "looked, and there was nothing. `read_from`, in any record, names where the facts next to and below it were",
        "read. Facts marked with ° are for people: no check reads them.",
        "",
        "A saved state of an older or newer release can be judged as well: what it holds beyond this page is read by",
        "nothing, and what it lacks, or holds in another form, counts as missing.",
        "",
        "| fact | meaning |",
        "|---|---|",
        *(f"| `{name}` | {meaning} |" for name, meaning in ENVELOPE.items()),
        "",
    ]
    for name, section in _facts.declared().items():
        lines += [f"## {name}", "", f"{_of_system(section.only)}{section.about}", ""]
        lines += ["| fact | of | type | meaning |", "|---|---|---|---|"]
        lines += [f"| {' | '.join(cells)} |" for cells in _rows(section, name, section.only, section.people)]
        lines += ["", *_reasons(section, name)]
    return "\n".join(lines).rstrip() + "\n"


def azure_state_page() -> str:
    lines = ["# Azure state", "", NOTE]
    lines += [
        "What is read of one virtual machine in Azure. Values are in Azure's own words.",
        "",
        "`schema` (1), `platform` (`azure`) and `captured` (when, UTC) are next to the sections, and so is `missing`:",
        "it names each fact that could not be read, with the reason and, where it was a permission, its name. `null`",
        "is a fact: it was read, and there is nothing. `read_from`, in any record, names the resource. Facts marked",
        "with ° are for people: no check reads them.",
        "",
    ]
    for name, section in _facts.of_azure().items():
        lines += [f"## {name}", "", section.about, "", "| fact | type | meaning |", "|---|---|---|"]
        rows_ = _rows(section, name, None, section.people)
        lines += [f"| {' | '.join((path, kind, about))} |" for path, _of, kind, about in rows_]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _of_system(system: str | None) -> str:
    return f"{SUBJECTS[system]} only. " if system else ""


def _rows(fact, path: str, system: str | None, people: bool) -> Iterator[list[str]]:
    for step, part in fact.below():
        if step == "[]":
            yield from _rows(part, path + step, system, people)
            continue
        for of, form in getattr(part, "forms", {part.only or system: part}).items():
            marked = people or form.people
            meaning = form.about.replace("|", "\\|")
            if form.choices:
                meaning += f" One of {', '.join(f'`{word}`' for word in form.choices)}."
            place = f"`{path}{step}`{' °' if marked else ''}"
            yield [place, SUBJECTS.get(of, "both"), _kind(form), meaning.strip()]
            yield from _rows(form, path + step, of, marked)


def _kind(fact) -> str:
    kinds = {KINDS[kind] for kind in fact.kinds if kind in KINDS}
    if len(kinds) > 2:
        return "any"
    named = "number" if kinds == {"number", "whole number"} else " or ".join(sorted(kinds))
    if fact.item is not None:
        named += f" of {_kind(fact.item)}s" if fact.item.plain else " of records"
    return f"{named} or null" if fact.null else named


KINDS = {str: "text", int: "whole number", float: "number", bool: "true or false", list: "list", dict: "record"}


def _reasons(section, name: str) -> list[str]:
    """Why a system alone states facts, one line a reason."""
    found: dict[tuple[str, str], list[str]] = {}

    def collect(fact, path: str) -> None:
        if fact.only:
            found.setdefault((fact.only, fact.because), []).append(path)
        for step, part in fact.below():
            collect(part, path + step)

    collect(section, name)
    lines = [
        f"- {SUBJECTS[system]} only: {', '.join(f'`{path}`' for path in paths)}. {because}"
        for (system, because), paths in found.items()
    ]
    return [*lines, ""] if lines else []


TYPES_HEAD = """\
# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Drawn from the declarations by `make docs`. Do not edit.

from typing import Any, Generic, Literal, TypeVar, overload

from .._engine._state import Facts, GuestState

T = TypeVar("T")

class Record(Facts):
    # Nothing but what is declared has a name here: a misspelt fact is an error.
    __getattr__: None  # type: ignore[assignment, misc]

class Named(Facts, Generic[T]):
    # Names are data.
    def __getattr__(self, name: str) -> T: ...
    def __getitem__(self, name: str) -> T: ...
    @overload
    def get(self, name: str, default: None = None) -> T | None: ...
    @overload
    def get(self, name: str, default: T) -> T: ...

class State(GuestState, Record):
    captured: str
    privileged: bool
"""


class Types:
    """The declarations as classes, each written once."""

    def __init__(self) -> None:
        self.text = TYPES_HEAD
        self._names: dict[object, str] = {}

    def state(self, system: str) -> None:
        """The whole state of a system."""
        own = "Azure" if system == "azure" else ""
        parts = {name: self._type(section, own + _camel(name)) for name, section in _facts.sections(system).items()}
        if system == "azure":
            parts = {"guest": "GuestState | None", **parts}
        self._class(f"{system.capitalize()}State", "State", parts)

    def _class(self, name: str, base: str, parts: dict[str, str]) -> None:
        lines = [f"    {part}: {type_}" for part, type_ in parts.items()]
        self.text += "\n".join(["", f"class {name}({base}):", *(lines or ["    pass"]), ""])

    def _type(self, fact, name: str) -> str:
        types = sorted(
            TYPES[kind] for kind in fact.kinds if kind in TYPES and not (kind is int and float in fact.kinds)
        )
        if fact.choices:
            types = [f"Literal[{', '.join(json.dumps(word) for word in fact.choices)}]"]
        elif len(types) > 1:
            return "Any"
        if dict in fact.kinds:
            types.append(self._record(fact, name))
        if fact.item is not None:
            types.append(f"list[{self._type(fact.item, name)}]")
        return " | ".join([*types, *(["None"] if fact.null else [])])

    def _record(self, fact, name: str) -> str:
        if fact in self._names:
            return self._names[fact]
        parts = {step[1:]: part for step, part in fact.below() if step.startswith(".") and part is not fact.rest}
        typed = {part: self._type(below, name + _camel(part)) for part, below in parts.items()}
        base = "Record" if fact.rest is None else f"Named[{self._type(fact.rest, f'{name}Entry')}]"
        if fact.rest is not None and not typed:
            return base
        while name in self._names.values():
            name += "_"
        self._names[fact] = name
        self._class(name, base, typed)
        return name


TYPES = {str: "str", int: "int", float: "float", bool: "bool"}


def _camel(name: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))


def types() -> str:
    made = Types()
    for system in ("linux", "windows", "azure"):
        made.state(system)
    return made.text


PAGES = {
    "docs/checks.md": checks_page,
    "docs/guest-state.md": guest_state_page,
    "docs/azure-state.md": azure_state_page,
    "plugins/plugin_utils/_facts/_types.pyi": types,
}

if __name__ == "__main__":
    for name, make in PAGES.items():
        (REPO / name).write_text(make(), "utf-8")
