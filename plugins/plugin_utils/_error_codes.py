# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Error codes of Azure Backup as operators and jobs write them."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from ._engine._state import Facts
from ._knowledge import rows
from ._words import did_you_mean

GUEST, AZURE = "guest", "azure"
PLACES = (GUEST, AZURE)
"""Where the cause of a code lies."""


def about(code: str) -> dict | None:
    """What is known of a code, by its name in any case or its number; None for an unknown one."""
    return _known().get(code.strip().lower())


def name(code: str) -> str:
    """The name of a code; an unknown one as it was given."""
    row = about(code)
    return row["name"] if row else code.strip()


def of_error(error: Mapping | Facts) -> str | None:
    """The code in an error of a job, by its name where that is known, whichever of its words has it."""
    words = [word for word in (error["code"], error["title"], error["number"]) if word]
    return next((row["name"] for word in words if (row := about(word))), next(iter(words), None))


def notes(code: str) -> list[str]:
    """Sentences for the operator who asks for a code: that it is not known, or that its cause lies in Azure."""
    row = about(code)
    if row is None:
        hint = did_you_mean(code, [one["name"] for one in rows("error_codes")])
        return [f"Error code '{code.strip()}' is not known; the diagnosis does not rank by it{hint}"]
    if row["place"] == AZURE:
        return [f"The cause of {row['name']} lies in Azure, not in a guest. {row['advice']} See {row['url']}"]
    return []


@functools.cache
def _known() -> dict[str, dict]:
    return {
        word.lower(): row for row in rows("error_codes") for word in (row["name"], str(row.get("number", ""))) if word
    }
