# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads Azure's management API: log-in, pages, queries, and waiting where Azure asks for it.

azure-identity and azure-core are imported when a client is made: nothing else needs them.
"""

from __future__ import annotations

import json
import os
import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .._version import VERSION

CLOUDS = {
    "AzureCloud": ("https://management.azure.com", "https://login.microsoftonline.com"),
    "AzureChinaCloud": ("https://management.chinacloudapi.cn", "https://login.chinacloudapi.cn"),
    "AzureUSGovernment": ("https://management.usgovcloudapi.net", "https://login.microsoftonline.us"),
}
"""Addresses of the management API and of the log-in, by the names that the Azure CLI uses."""

AUTH_SOURCES = ("auto", "env", "cli", "msi")
_GRAPH = "/providers/Microsoft.ResourceGraph/resources"
_GRAPH_VERSION = "2022-10-01"
_ROWS = 1000
_RETRIES = 6
_SECONDS = 60
_PERMISSION = re.compile(r"perform action '([^']+)'")


class AzureError(Exception):
    """Azure did not answer as needed; the text is a full sentence. ``permission``: the one that is missing, if told."""

    def __init__(self, text: str, permission: str | None = None):
        super().__init__(text)
        self.permission = permission


class Client:
    """A client of one cloud for one principal. Several threads may use it."""

    def __init__(self, cloud: str | None = None, auth_source: str = "auto", timeout: float = _SECONDS, **given: Any):
        """``given``: tenant, client_id, secret; each one stands before its variable of the environment.

        Raises AzureError when a package is missing or the log-in is not complete.
        """
        try:
            from azure.core import PipelineClient
            from azure.core.pipeline import policies
        except ImportError as error:
            raise AzureError(
                f"Cannot read Azure: {error}. Install it: python3 -m pip install azure-core azure-identity"
            ) from None
        self.calls = 0
        self._timeout = timeout
        self._counting = threading.Lock()
        self._quota_back = 0.0
        manager, authority, audience = _endpoints(cloud or os.environ.get("AZURE_CLOUD_ENVIRONMENT") or "AzureCloud")
        self._manager = manager
        credential = _credential(authority, auth_source, {name: value for name, value in given.items() if value})
        self._client: Any = PipelineClient(
            manager,
            policies=[
                policies.UserAgentPolicy(f"vmbackup.azure/{VERSION}"),
                policies.RetryPolicy(retry_total=_RETRIES, retry_backoff_factor=0.5, retry_backoff_max=30),
                policies.BearerTokenCredentialPolicy(credential, audience.rstrip("/") + "/.default"),
            ],
        )

    def get(self, path: str, version: str, **parameters: str) -> Any:
        """The document at a path."""
        return self._send("GET", f"{self._manager}{path}", {"api-version": version, **parameters})

    def listed(self, path: str, version: str, **parameters: str) -> Iterator[dict]:
        """The items of a list, page by page."""
        page = self.get(path, version, **parameters)
        while True:
            yield from page.get("value", [])
            link = page.get("nextLink")
            if not link:
                return
            page = self._send("GET", link, {})

    def query(self, text: str, subscriptions: Sequence[str]) -> Iterator[dict]:
        """The rows of a query of Azure Resource Graph, page by page. The result must have the column id."""
        options: dict[str, Any] = {"resultFormat": "objectArray", "$top": _ROWS}
        while True:
            wait = self._quota_back - time.monotonic()
            if wait > 0:
                time.sleep(min(wait, _SECONDS))
            body = {"query": text, "options": options, "subscriptions": list(subscriptions)}
            page = self._send("POST", f"{self._manager}{_GRAPH}", {"api-version": _GRAPH_VERSION}, body)
            yield from page["data"]
            if not page.get("$skipToken"):
                return
            options = {**options, "$skipToken": page["$skipToken"]}

    def _send(self, method: str, url: str, parameters: Mapping[str, str], body: object = None) -> Any:
        from azure.core.exceptions import AzureError as CoreError
        from azure.core.rest import HttpRequest

        what = url.removeprefix(self._manager).partition("?")[0]
        for attempt in range(_RETRIES):
            request = HttpRequest(method, url, params=dict(parameters), json=body)
            with self._counting:
                self.calls += 1
            try:
                response = self._client.send_request(
                    request, connection_timeout=self._timeout, read_timeout=self._timeout
                )
                data = response.read()
            except CoreError as error:
                raise AzureError(f"Cannot read '{what}': {str(error).splitlines()[0]}") from None
            self._heed(response.headers)
            # A query may be sent again although it is a POST; its quota tells the time in a header of its own.
            if response.status_code == 429 and method == "POST" and attempt < _RETRIES - 1:
                time.sleep(max(0.0, min(_SECONDS, self._quota_back - time.monotonic())))
                continue
            break
        if response.status_code >= 400:
            raise _refused(what, response.status_code, data)
        try:
            return json.loads(data)
        except ValueError:
            raise AzureError(f"Cannot read '{what}': the answer is no JSON") from None

    def _heed(self, headers: Mapping[str, str]) -> None:
        """Resource Graph says how many queries are left, and when the count starts anew."""
        if headers.get("x-ms-user-quota-remaining") == "0":
            hours, minutes, seconds = (headers.get("x-ms-user-quota-resets-after") or "00:00:05").split(":")
            self._quota_back = time.monotonic() + 3600 * int(hours) + 60 * int(minutes) + float(seconds)


def _refused(what: str, status: int, data: bytes) -> AzureError:
    try:
        error = json.loads(data)["error"]
        text = f"{error['code']}: {error['message']}".splitlines()[0]
    except (ValueError, KeyError, TypeError):
        text = f"HTTP {status}"
    permission = _PERMISSION.search(text)
    return AzureError(f"Cannot read '{what}': {text}", permission and permission[1])


def _endpoints(cloud: str) -> tuple[str, str, str]:
    """The addresses of management and log-in, and the audience of tokens."""
    if cloud in CLOUDS:
        manager, authority = CLOUDS[cloud]
        return manager, authority, manager
    if not cloud.startswith("https://"):
        raise AzureError(f"Cannot use the cloud '{cloud}': it is neither an address nor one of {', '.join(CLOUDS)}")
    from azure.core import PipelineClient
    from azure.core.exceptions import AzureError as CoreError
    from azure.core.rest import HttpRequest

    url = f"{cloud.rstrip('/')}/metadata/endpoints?api-version=2022-09-01"
    try:
        client: Any = PipelineClient(cloud)
        with client:
            found = client.send_request(HttpRequest("GET", url), read_timeout=_SECONDS).json()
        if isinstance(found, list):
            found = found[0]
        login = found["authentication"]
        return found["resourceManager"].rstrip("/"), login["loginEndpoint"].rstrip("/"), login["audiences"][0]
    except (CoreError, ValueError, KeyError, IndexError, TypeError) as error:
        raise AzureError(f"Cannot read '{url}': {error}") from None


def _credential(authority: str, source: str, given: Mapping[str, str]) -> Any:
    """What logs in, from options and from the variables that azure.azcollection and azure-identity know."""
    try:
        from azure import identity
    except ImportError as error:
        raise AzureError(
            f"Cannot log in to Azure: {error}. Install it: python3 -m pip install azure-core azure-identity"
        ) from None
    variable = os.environ.get
    client = given.get("client_id") or variable("AZURE_CLIENT_ID")
    secret = given.get("secret") or variable("AZURE_SECRET") or variable("AZURE_CLIENT_SECRET")
    tenant = given.get("tenant") or variable("AZURE_TENANT") or variable("AZURE_TENANT_ID")
    common: dict[str, Any] = {"authority": authority}
    if variable("AZURE_DISABLE_INSTANCE_DISCOVERY") == "true" or authority not in (
        one for _resource, one in CLOUDS.values()
    ):
        common["disable_instance_discovery"] = True
    if source in ("auto", "env") and client and secret and tenant:
        return identity.ClientSecretCredential(tenant, client, secret, **common)
    if source == "env":
        raise AzureError(
            "Cannot log in to Azure: AZURE_CLIENT_ID, AZURE_SECRET and AZURE_TENANT are not all set (auth_source env)"
        )
    if source == "cli":
        return identity.AzureCliCredential(tenant_id=tenant or "")
    if source == "msi":
        return identity.ManagedIdentityCredential(client_id=client)
    return identity.DefaultAzureCredential(exclude_interactive_browser_credential=True, **common)
