# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What fails on a host since it was fixed."""

from __future__ import annotations

from collections.abc import Mapping

from ._model import FAIL, OK
from ._reconcile import void


def regressions(after: Mapping, before: Mapping) -> list[dict[str, str]]:
    """The findings of a diagnosis that fail and were ok in an earlier one, as ``{check, why}``.

    What was a warning then is nothing new. What could not be decided, or did not apply, may have been there all the
    time: the fix has only revealed it.
    """
    then = {finding["id"]: finding["status"] for finding in before["findings"]}
    return [
        {"check": finding["id"], "why": finding["why"]}
        for finding in after["findings"]
        if finding["status"] == FAIL and not void(finding) and then.get(finding["id"]) == OK
    ]
