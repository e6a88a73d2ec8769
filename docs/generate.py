# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the pages that are drawn from the code: docs/checks.md and docs/guest-state.md (``make docs``)."""

from __future__ import annotations

import pathlib
import sys

REPO = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPO / ".collections"))

from ansible_collections.vmbackup.azure.plugins.plugin_utils import _registry  # noqa: E402
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _schema  # noqa: E402
from ansible_collections.vmbackup.azure.plugins.plugin_utils._knowledge import rows  # noqa: E402

NOTE = "<!-- Drawn from the code by `make docs`. Do not edit. -->\n"


SUBJECTS = {"linux": "Linux", "windows": "Windows", "azure": "Azure", "fleet": "fleet"}


def checks_page() -> str:
    found = sorted(_registry.every_check(), key=lambda check: (check.stage, check.id, check.subjects))
    lines = ["# Checks", "", NOTE]
    lines += [
        f"{len(found)} checks, in the order of the chain from the guest's address to storage. An earlier link explains",
        "trouble at later ones. A check that fails makes a host `blocked`; a missing fact gives `unknown`, never `ok`.",
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
    lines += ["## Error codes of Azure Backup", "", "| code | explained by |", "|---|---|"]
    for row in rows("error_codes"):
        ids = sorted({check.id for check in found if row["name"] in check.error_codes})
        lines.append(f"| {row['name']} | {', '.join(f'`{id_}`' for id_ in ids) or 'nothing in the guest'} |")
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


def guest_state_page() -> str:
    lines = ["# Guest state", "", NOTE]
    lines += [
        "What a probe states, by section. A fact that could not be had is not there; `missing` names it with the",
        "reason. `null` is a fact: the probe looked, and there was nothing. `read_from` names where the values beside",
        "and below it were read.",
        "",
    ]
    for platform in ("linux", "windows"):
        lines += [f"## {platform.capitalize()}", ""]
        for name, schema in _schema.sections(platform).items():
            lines += [f"### {name} ({platform})", "", schema.get("description", ""), ""]
            lines += ["| fact | type | meaning |", "|---|---|---|", *_rows(schema, name), ""]
    return "\n".join(lines) + "\n"


def _rows(schema: dict, path: str) -> list[str]:
    rows = []
    parts = dict(schema.get("properties", {}))
    if isinstance(schema.get("additionalProperties"), dict):
        parts["*"] = schema["additionalProperties"]
    for name, part in parts.items():
        types = part.get("type", "any")
        types = types if isinstance(types, str) else " or ".join(types)
        meaning = part.get("description", "").replace("|", "\\|")
        if "enum" in part:
            meaning += f" One of {', '.join(f'`{value}`' for value in part['enum'])}."
        rows.append(f"| `{path}.{name}` | {types} | {meaning.strip()} |")
        rows += _rows(part, f"{path}.{name}")
        rows += _rows(part.get("items", {}), f"{path}.{name}[]")
    return rows


PAGES = {"checks.md": checks_page, "guest-state.md": guest_state_page}

if __name__ == "__main__":
    for name, make in PAGES.items():
        (REPO / "docs" / name).write_text(make(), "utf-8")
