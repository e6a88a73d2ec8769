# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Azure did not answer."""

from __future__ import annotations

import json
import sys

from ...module_utils._guest.masking import mask
from .._engine import _gaps

INSTALL = f"{sys.executable} -m pip install azure-core azure-identity"


class AzureError(Exception):
    """Azure did not answer as needed; the text is a full sentence.

    ``status`` and ``code`` are those of the answer. ``permission`` is the one that is missing.
    """

    def __init__(self, text: str, status: int = 0, code: str = "", permission: str | None = None) -> None:
        super().__init__(mask(text))
        self.status, self.code, self.permission = status, code, permission

    @property
    def reason(self) -> str:
        """Why facts are missing, as a state says it."""
        return _gaps.forbidden(self.permission) if self.permission else str(self)


def refused(cannot: str, status: int, data: bytes, permission: str) -> AzureError:
    """The error in an answer of Azure. ``cannot``: the beginning of the sentence."""
    code, message = _told(data)
    words = f"{message.rstrip('.')} ({code})" if code else f"HTTP {status}"
    return AzureError(f"{cannot}: {words}", status, code, permission if status == 403 else None)


def _told(data: bytes) -> tuple[str, str]:
    """Code and message; those of the first detail, where Resource Graph says what it means."""
    try:
        error = json.loads(data)["error"]
        error = (error.get("details") or [error])[0]
        return str(error["code"]), " ".join(str(error["message"]).split())
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
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


def missing_package(error: ImportError) -> AzureError:
    return AzureError(f"Cannot read Azure: {error}. Install the packages on the controller: {INSTALL}")
