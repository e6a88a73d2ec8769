# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the pages that are drawn from the code: docs/checks.md and docs/guest-state.md (``make docs``)."""

from __future__ import annotations

import pathlib
import sys

REPO = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPO / ".collections"))

from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _error_codes, _schema  # noqa: E402
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._registry import about, checks  # noqa: E402

NOTE = "<!-- Drawn from the code by `make docs`. Do not edit. -->\n"


def checks_page() -> str:
    found = sorted(checks().values(), key=lambda check: (check.stage, check.id))
    lines = ["# Checks", "", NOTE]
    lines += [
        f"{len(found)} checks, in the order of the chain from the guest's address to storage. An earlier link explains",
        "trouble at later ones. A check that fails makes a host `blocked`; a missing fact gives `unknown`, never `ok`.",
        "",
    ]
    for stage in sorted({check.stage for check in found}):
        lines += [f"## {stage.name.replace('_', ' ').capitalize()}", ""]
        lines += ["| check | on | severity | healthy | follows from | remedy |", "|---|---|---|---|---|---|"]
        for check in (one for one in found if one.stage == stage):
            explained = ", ".join(f"`{id_}`" for id_ in check.explained_by)
            remedy = ", ".join(f"`{name}`" for name in dict.fromkeys(map(check.remedy_on, check.platforms)) if name)
            platforms = ", ".join(check.platforms)
            cells = [f"[`{check.id}`](#{check.id})", platforms, check.severity, check.title, explained, remedy]
            lines.append(f"| {' | '.join(cells)} |")
        lines.append("")
    lines += ["## Each check", ""]
    for check in sorted(found, key=lambda one: one.id):
        lines += [f"### {check.id}", "", about(check.id).strip(), "", f"Rests on: {check.source}.", ""]
    lines += ["## Error codes of Azure Backup", "", "| code | explained in the guest by |", "|---|---|"]
    for code, ids in sorted(_error_codes.CODES.items()):
        lines.append(f"| {code} | {', '.join(f'`{id_}`' for id_ in ids) or 'nothing in the guest'} |")
    return "\n".join(lines) + "\n"


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
