# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Follows a long-running operation of Azure to its end."""

from __future__ import annotations

import time
from collections.abc import Callable

from .. import _pauses
from .._client import Answer, Client
from .._error import AzureError, told_in

Tell = Callable[[str], None]
"""Shows one sentence on the progress."""

_LINKS = ("Azure-AsyncOperation", "Location")
"""The headers that say where an operation is followed, the better one first: it says how the operation ended."""

_ACCEPTED = 202
_BAD = ("failed", "canceled", "cancelled", "invalid")
_ENDED = ("succeeded", *_BAD)
_EVERY_S = 5.0
_TELL_S = 30.0


def link_of(answer: Answer) -> str | None:
    """Where the operation that an answer has started is followed; None where it has started none, or does not say."""
    own, place = (answer.headers.get(name) for name in _LINKS)
    return own or (place if answer.status == _ACCEPTED else None)


def follow(client: Client, answer: Answer, what: str, tell: Tell) -> dict:
    """The last word of the operation that an answer has started, empty where it has started none.

    Raises AzureError when it failed. ``what``: what is done, as a sentence begins: Start 'web1'.
    """
    link = link_of(answer)
    if link is None:
        return {}
    client.pause(_pause(answer), answer.path)
    return ended(client, link, answer.path, what, tell)


def ended(client: Client, link: str, path: str, what: str, tell: Tell) -> dict:
    """The last word of an operation, as soon as it has ended."""
    cannot = f"Cannot {what[0].lower()}{what[1:]}"
    began = told = time.monotonic()
    while True:
        answer = client.followed(link, path, cannot)
        said = answer.document if answer.data.strip() else {}
        status = str(said.get("status") or ("InProgress" if answer.status == _ACCEPTED else "Succeeded"))
        if status.lower() in _ENDED:
            break
        link = link_of(answer) or link
        if time.monotonic() - told >= _TELL_S:
            told = time.monotonic()
            tell(f"{what}: {status}, {told - began:,.0f} s")
        client.pause(_pause(answer), path)
    if status.lower() in _BAD:
        code, message = told_in(said)
        raise AzureError(f"{cannot}: {message or 'Azure gives no reason'} ({code or status})", code=code or status)
    return said


def _pause(answer: Answer) -> float:
    """Seconds until Azure is asked again; it asks for none where it means soon."""
    return _pauses.asked(answer.headers) or _EVERY_S
