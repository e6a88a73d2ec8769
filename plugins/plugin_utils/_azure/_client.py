# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Speaks to the management API: pages, queries, changes, and waiting where Azure asks for it.

azure-identity and azure-core are imported when a client is made: nothing else needs them.
"""

from __future__ import annotations

import concurrent.futures
import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from .._version import VERSION
from . import _api_versions, _cloud, _pauses
from ._error import FORMS, AzureError, missing_package, odd, plain, refused
from ._login import Login, credential

T = TypeVar("T")

GRAPH = "/providers/Microsoft.ResourceGraph/resources"
ROWS = 1000
"""Rows in a page of Resource Graph, at most."""

_TOO_LARGE = "ResponsePayloadTooLarge"
_UNCLEAR = (408, 500, 502, 503, 504)
"""Answers that do not say whether the request was carried out."""
_TRANSIENT = (*_UNCLEAR, 429)
_BUSY = ("AnotherOperationInProgress", "Conflict", "ConflictingConcurrentWriteNotAllowed")
"""Codes of a conflict that passes: someone else is changing the resource, or one that it is a part of."""
_TRIES = 5
_REQUEST_S = 60
"""Seconds for a single answer."""
_SIDE_BY_SIDE = 8
_PORT = ":443"


class Answer(NamedTuple):
    """An answer that is no error. ``path``: what was asked, as sentences name it."""

    path: str
    status: int
    headers: Mapping[str, str]
    data: bytes

    @property
    def document(self) -> dict[str, Any]:
        """What it says."""
        try:
            found = json.loads(self.data)
        except ValueError:
            raise AzureError(f"Cannot read '{self.path}': the answer is not JSON") from None
        if not isinstance(found, dict):
            raise AzureError(f"Cannot read '{self.path}': the answer is not a JSON object")
        return found


class Client:
    """A client of one cloud for one principal. Several threads may use it."""

    def __init__(self, login: Login, timeout: float):
        """``timeout``: seconds within which everything has to be read.

        Raises AzureError when a package is missing or the cloud is unknown.
        """
        try:
            import azure.core  # noqa: F401
        except ImportError as error:
            raise missing_package(error) from None
        self.calls = self.further = 0
        """Requests; and pages of lists after their first ones, which are more with each machine."""
        self._timeout, self._until = timeout, time.monotonic() + timeout
        self._guard, self._gate = threading.Lock(), threading.BoundedSemaphore(_SIDE_BY_SIDE)
        self._graph_free_at = 0.0
        self._login, self._cloud = login, _cloud.find(login.cloud_environment, min(timeout, _REQUEST_S))
        self._pipeline = self._signed_in()

    def get(self, path: str, version: str, question: object = None, **parameters: str) -> Any:
        """The document at a path, or the answer there to a question, which changes nothing."""
        method, url = "POST" if question else "GET", self._address(path)
        told = {"api-version": version, **parameters}
        return self._send(method, url, told, question, cannot=f"Cannot read '{path}'").document

    def ask(
        self,
        method: str,
        path: str,
        version: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """The answer to a request. One that changes something may be sent again, where no answer came."""
        return self._send(method, self._address(path), {"api-version": version}, body, headers)

    def _address(self, path: str) -> str:
        if not path.startswith("/"):
            # With it, the address would be that of another host.
            raise AzureError(f"Cannot read '{path}': it is not a resource id of Azure")
        return f"{self._cloud.manager}{path}"

    def followed(self, link: str, path: str, cannot: str | None = None) -> Answer:
        """The answer at an address that an earlier answer for ``path`` gave. ``cannot``: how a refusal begins."""
        cannot = cannot or f"Cannot read '{path}'"
        if _origin(link) != _origin(self._cloud.manager):
            # The token is for this address only.
            raise AzureError(f"{cannot}: Azure continues at another address ('{_origin(link)}')")
        return self._send("GET", link, {}, cannot=cannot, path=path)

    def pause(self, seconds: float, path: str, cannot: str | None = None) -> None:
        """Waits, unless no time would be left then. ``cannot``: how the sentence begins that says so."""
        self._sleep(seconds, cannot or f"Cannot wait for '{path}'")

    def listed(self, path: str, version: str, **parameters: str) -> Iterator[dict]:
        """The items of a list, page by page."""
        page = self.get(path, version, **parameters)
        links: set[str] = set()
        while True:
            yield from page.get("value") or ()
            link = page.get("nextLink")
            if not link:
                return
            page = self.followed(self._further(link, links, path), path).document

    def query(self, text: str, subscriptions: Sequence[str]) -> Iterator[dict]:
        """The rows of a query of Resource Graph, page by page; of smaller pages where an answer gets too large."""
        options: dict[str, Any] = {"resultFormat": "objectArray", "$top": ROWS}
        asked: dict[str, Any] = {"query": text, **({"subscriptions": list(subscriptions)} if subscriptions else {})}
        seen, links = 0, set[str]()
        while True:
            try:
                url, parameters = f"{self._cloud.manager}{GRAPH}", {"api-version": _api_versions.GRAPH}
                page = self._send("POST", url, parameters, {**asked, "options": options}).document
            except AzureError as error:
                if error.code != _TOO_LARGE or options["$top"] == 1:
                    raise
                options["$top"] //= 2
                continue
            rows = page.get("data") or ()
            yield from rows
            seen += len(rows)
            if not page.get("$skipToken"):
                break
            options["$skipToken"] = self._further(page["$skipToken"], links, GRAPH)
        if seen < (page.get("totalRecords") or 0):
            raise AzureError(f"Cannot read '{GRAPH}': it answered {seen:,} of {page['totalRecords']:,} rows")

    def _further(self, link: str, known: set[str], path: str) -> str:
        """A link to the next page. Raises AzureError for one that has been there."""
        if link in known:
            raise AzureError(f"Cannot read '{path}': its pages go round in a circle")
        known.add(link)
        with self._guard:
            self.further += 1
        return link

    def each(self, ask: Callable[..., T], *things: Iterable) -> list[T | AzureError]:
        """What ``ask`` returns for each of the things, or why it did not, several at a time."""

        def one(*thing: Any) -> T | AzureError:
            try:
                return ask(*thing)
            except AzureError as error:
                return error
            except FORMS as error:
                return AzureError(f"Cannot read Azure: {odd(error)}")

        with concurrent.futures.ThreadPoolExecutor(_SIDE_BY_SIDE) as threads:
            return list(threads.map(one, *things))

    def _signed_in(self) -> Any:
        from azure.core import PipelineClient
        from azure.core.pipeline import policies

        cloud = self._cloud
        try:
            token = credential(self._login, cloud.authority, cloud.known)
        except ValueError as error:  # What the library does not take at all.
            raise AzureError(f"Cannot sign in to Azure{self._login.who}: {plain(error)}") from None
        scope = cloud.audience.rstrip("/") + "/.default"
        agent = policies.UserAgentPolicy(f"vmbackup.azure/{VERSION}")
        return PipelineClient(cloud.manager, policies=[agent, policies.BearerTokenCredentialPolicy(token, scope)])

    def _send(
        self,
        method: str,
        url: str,
        parameters: Mapping[str, str],
        body: object = None,
        headers: Mapping[str, str] | None = None,
        cannot: str | None = None,
        path: str | None = None,
    ) -> Answer:
        """A request until it is answered. Waits as long as Azure says, else longer each time."""
        path = path or url.removeprefix(self._cloud.manager)
        verb = "read" if method == "GET" or path == GRAPH else "change"
        cannot = cannot or f"Cannot {verb} '{path}'"
        renewed = unclear = False
        for attempt in range(1, _TRIES + 1):
            if path == GRAPH:
                self._wait_for_graph(cannot)
            try:
                status, told, data = self._once(method, url, parameters, body, headers, cannot)
            except _Lost as lost:
                unclear = True
                if attempt == _TRIES:
                    raise AzureError(f"{cannot}: {lost}", unclear=True) from None
                self._sleep(_pauses.longer(attempt), f"{cannot}: {lost}")
                continue
            except AzureError as stranger:
                stranger.unclear = unclear
                raise
            if (until := _pauses.quota(told)) is not None:
                self._graph_free_at = time.monotonic() + until
            if status == 401 and not renewed:
                # A token that was taken back, or whose time is over by the clock of Azure.
                self._pipeline, renewed = self._signed_in(), True
                continue
            # A redirection is not followed: it may lead anywhere.
            error = refused(cannot, status, data, permission_of(method, path)) if status >= 300 else None
            if error is None:
                return Answer(path, status, told, data)
            error.unclear = unclear = unclear or status in _UNCLEAR
            if (status not in _TRANSIENT and error.code not in _BUSY) or attempt == _TRIES:
                raise error
            # None at all is no pause in which anything could change.
            self._sleep(_pauses.asked(told) or _pauses.longer(attempt), str(error))
        raise AzureError(f"{cannot}: Azure takes no token")

    def _once(
        self,
        method: str,
        url: str,
        parameters: Mapping[str, str],
        body: object,
        headers: Mapping[str, str] | None,
        cannot: str,
    ) -> tuple[int, Mapping[str, str], bytes]:
        from azure.core.exceptions import AzureError as CoreError
        from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError, ServiceResponseError
        from azure.core.rest import HttpRequest

        seconds = self._left(cannot)
        until = time.monotonic() + seconds
        with self._guard:
            self.calls += 1
        request = HttpRequest(method, url, params=dict(parameters), json=body, headers=dict(headers or {}))
        try:
            with (
                self._gate,
                self._pipeline.send_request(
                    request, stream=True, connection_timeout=seconds, read_timeout=seconds
                ) as response,
            ):
                parts = []
                try:
                    for part in response.iter_bytes():
                        parts.append(part)
                        if time.monotonic() > until:
                            raise _Lost(f"the answer took more than {seconds:,.0f} s")
                except CoreError as error:
                    raise _Lost(f"the answer broke off: {plain(error)}") from None
                return response.status_code, response.headers, b"".join(parts)
        except ClientAuthenticationError as error:
            raise self._stranger(error) from None
        except (ServiceRequestError, ServiceResponseError) as error:
            raise _Lost(plain(error)) from None
        except (CoreError, ValueError) as error:
            raise self._stranger(error) from None

    def _stranger(self, error: Exception) -> AzureError:
        return AzureError(f"Cannot sign in to Azure{self._login.who}: {plain(error)}", 401)

    def _left(self, why: str, pause: float = 0) -> float:
        """Seconds that an answer may take, after a pause. ``why``: the sentence on what could not be done so far."""
        left = self._until - time.monotonic() - pause
        if left <= 0:
            wait = f" to wait {pause:,.0f} s" if pause > 1 else ""
            raise AzureError(f"{why}: no time is left{wait}, of {self._timeout:,.0f} s for all (timeout)")
        return min(left, _REQUEST_S)

    def _sleep(self, seconds: float, why: str) -> None:
        self._left(why, seconds)
        time.sleep(seconds)

    def _wait_for_graph(self, cannot: str) -> None:
        wait = self._graph_free_at - time.monotonic()
        if wait > 0:
            self._sleep(wait, cannot)


class _Lost(Exception):
    """No whole answer came."""


def _origin(link: str) -> str:
    """Where a link leads, in one spelling: services write the address with and without its port, and in any case."""
    place = link.partition("://")
    return f"{place[0]}://{place[2].partition('/')[0].removesuffix(_PORT)}".lower()


_RIGHTS = {"GET": "read", "POST": "action", "DELETE": "delete"}


def permission_of(method: str, path: str) -> str:
    """The permission that a request needs: ``Microsoft.Compute/virtualMachines/read``."""
    namespace, *parts = path.rpartition("/providers/")[2].strip("/").split("/")
    return "/".join([namespace, *parts[::2], _RIGHTS.get(method, "write")])
