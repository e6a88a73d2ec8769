# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Azure did not answer."""

from __future__ import annotations

import json
import sys
from typing import Any

from ...module_utils._guest.masking import mask
from .._engine import _gaps

INSTALL = f"{sys.executable} -m pip install azure-core azure-identity"

FORMS = (KeyError, IndexError, TypeError, ValueError, AttributeError)
"""What goes wrong where an answer has another form than the documented one."""


class AzureError(Exception):
    """Azure did not answer as needed; the text is a full sentence.

    ``status`` and ``code`` are those of the answer. ``permission`` is the one that is missing. ``unclear``: Azure may
    have done what was asked for all the same, because it answered one of the tries not at all, or as out of order.
    """

    def __init__(
        self, text: str, status: int = 0, code: str = "", permission: str | None = None, *, unclear: bool = False
    ) -> None:
        super().__init__(mask(text))
        self.status, self.code, self.permission, self.unclear = status, code, permission, unclear

    @property
    def gone(self) -> bool:
        """What was asked for is not there. A subscription that is not found may just be out of sight."""
        return self.status == 404 and self.code != "SubscriptionNotFound"

    @property
    def reason(self) -> str:
        """Why facts are missing, as a state says it."""
        return _gaps.forbidden(self.permission) if self.permission else str(self)


def refused(cannot: str, status: int, data: bytes, permission: str) -> AzureError:
    """The error in an answer of Azure. ``cannot``: the beginning of the sentence."""
    try:
        code, message = told_in(json.loads(data))
    except ValueError:
        code, message = "", ""
    words = f"{message} ({code})" if code else f"HTTP {status}"
    return AzureError(f"{cannot}: {words}", status, code, permission if status == 403 else None)


def told_in(document: Any) -> tuple[str, str]:
    """Code and message of an error; those of the first detail, where Resource Graph says what it means. Empty where
    there are none."""
    try:
        error = document["error"]
        error = next((one for one in error.get("details") or () if one.get("code")), error)
        return str(error.get("code") or ""), " ".join(str(error.get("message") or "").split()).rstrip(".")
    except FORMS:
        return "", ""


def plain(error: BaseException) -> str:
    """What lies at the bottom of an error of the libraries, its first sentence."""
    while True:
        inner = [getattr(error, name, None) for name in ("inner_exception", "reason")]
        below = [one for one in (*inner, *error.args) if isinstance(one, BaseException)]
        if not below:
            break
        error = below[-1]
    line = (str(error).strip().splitlines() or [""])[0].partition(". ")[0].rstrip(".")
    return line.removeprefix("Authentication failed: ") or type(error).__name__


def odd(error: Exception) -> str:
    """The sentence on an answer of another form."""
    return f"Azure answered in another form: {type(error).__name__}: {error}"


def missing_package(error: ImportError) -> AzureError:
    return AzureError(f"Cannot read Azure: {error}. Install the packages on the controller: {INSTALL}")
