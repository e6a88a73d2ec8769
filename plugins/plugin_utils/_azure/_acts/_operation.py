# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Follows a long-running operation of Azure to its end."""

from __future__ import annotations

import time
from collections.abc import Callable

from .. import _pauses
from .._client import Answer, Client
from .._error import AzureError

Tell = Callable[[str], None]
"""Shows one sentence on the progress."""

LINK = "Azure-AsyncOperation"
"""The header that says where an operation is followed."""

_ENDED = ("Succeeded", "Failed", "Canceled")
_EVERY_S = 5.0
_TELL_S = 30.0


def follow(client: Client, answer: Answer, what: str, tell: Tell) -> dict:
    """The last word of the operation that an answer has started, empty where it has started none.

    Raises AzureError when it failed. ``what``: what is done, as a sentence begins: Start 'web1'.
    """
    link = answer.headers.get(LINK)
    if link is None:
        return {}
    began = told = time.monotonic()
    while True:
        pause = _pauses.asked(answer.headers)
        client.pause(_EVERY_S if pause is None else pause, answer.path)
        answer = client.followed(link, answer.path)
        said = answer.document
        if said["status"] in _ENDED:
            break
        if time.monotonic() - told >= _TELL_S:
            told = time.monotonic()
            tell(f"{what}: {said['status']}, {told - began:,.0f} s")
    if said["status"] != "Succeeded":
        error = said.get("error") or {}
        code = error.get("code", said["status"])
        message = " ".join(str(error.get("message", "Azure gives no reason")).split()).rstrip(".")
        raise AzureError(f"Cannot {what[0].lower()}{what[1:]}: {message} ({code})", code=code)
    return said
