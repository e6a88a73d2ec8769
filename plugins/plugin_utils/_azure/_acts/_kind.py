# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A kind of resource that can be changed: how it is read and written, and what takes a change back."""

from __future__ import annotations

import abc
import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from .._client import Client
from .._error import AzureError
from ._operation import Tell, follow, link_of


@dataclasses.dataclass(frozen=True)
class Seen:
    """A resource as it was read. ``value``: what the kind of change is about; None where it is not there.

    ``busy``: another change of it is under way. ``document``: all that Azure has of it, for the kind alone.
    """

    value: Any
    etag: str | None = None
    busy: bool = False
    document: Any = None


class Refused(AzureError):
    """Azure did not begin the change."""


class Overtaken(AzureError):
    """A change is not undone, because someone else has changed the resource since."""


class Nothing(Exception):
    """A change is not undone; the text says why, and what there is to do instead."""


class Kind(abc.ABC):
    """What can be changed. The values are JSON: the journal keeps them.

    ``permanent``: why the change is not undone; empty where it is.
    """

    name: ClassVar[str]
    noun: ClassVar[str]
    permanent: ClassVar[str] = ""

    def __init__(self, client: Client, tell: Tell):
        self.client, self.tell = client, tell
        self.began: Callable[[str], None] = lambda operation: None
        """Called with the address of an operation, when Azure has begun it."""

    @abc.abstractmethod
    def read(self, id_: str) -> Seen:
        """The resource as it is."""

    @abc.abstractmethod
    def write(self, id_: str, value: Any, seen: Seen) -> None:
        """Makes it so, and waits until it is. ``seen``: what was read before."""

    def same(self, one: Any, other: Any) -> bool:
        """Whether two values are the same for Azure."""
        return bool(one == other)

    def undone(self, entry: Mapping) -> Any:
        """The value that takes a change back. Raises Nothing where there is none."""
        if self.permanent:
            raise Nothing(self.permanent)
        return entry["before"]

    def send(
        self, method: str, path: str, version: str, what: str, body: object = None, etag: str | None = None
    ) -> dict:
        """Sends a change and follows it to its end."""
        try:
            answer = self.client.ask(method, path, version, body, {"If-Match": etag} if etag else {})
        except AzureError as error:
            if 400 <= error.status < 500 and not error.unclear:
                raise Refused(str(error), error.status, error.code, error.permission) from None
            raise
        if link := link_of(answer):
            self.began(link)
        return follow(self.client, answer, what, self.tell)

    def there(self, path: str, version: str, **parameters: str) -> Any:
        """The document at a path; None where there is none."""
        try:
            return self.client.get(path, version, **parameters)
        except AzureError as error:
            if error.gone:
                return None
            raise
