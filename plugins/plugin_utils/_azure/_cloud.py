# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The clouds: where the management API and the log-in of each one are."""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from ._api_versions import METADATA
from ._error import AzureError, plain


class Cloud(NamedTuple):
    """``manager``: the management API. ``audience``: whom tokens are for. ``known``: a public cloud of Microsoft's."""

    manager: str
    authority: str
    audience: str
    known: bool = False


def _public(manager: str, authority: str) -> Cloud:
    return Cloud(f"https://{manager}", f"https://{authority}", f"https://{manager}", known=True)


CLOUDS = {
    "AzureCloud": _public("management.azure.com", "login.microsoftonline.com"),
    "AzureChinaCloud": _public("management.chinacloudapi.cn", "login.chinacloudapi.cn"),
    "AzureUSGovernment": _public("management.usgovcloudapi.net", "login.microsoftonline.us"),
}
"""The public clouds by the names that the Azure CLI uses."""


def find(name: str, seconds: float) -> Cloud:
    """The cloud of that name, or the one whose management API has that address."""
    listed = os.environ.get("ARM_CLOUD_METADATA_URL")
    if name.startswith("https://"):
        return _described(f"{name.rstrip('/')}/metadata/endpoints?api-version={METADATA}", None, seconds)
    if listed and listed.startswith("https://"):
        return _described(listed, name, seconds)
    if name in CLOUDS:
        return CLOUDS[name]
    raise AzureError(
        f"Cannot use the cloud '{name}': it is neither one of {', '.join(CLOUDS)} nor an address that begins with https://"
    )


def _described(url: str, name: str | None, seconds: float) -> Cloud:
    """A cloud as its management API describes itself, by name where several are listed."""
    from azure.core import PipelineClient
    from azure.core.exceptions import AzureError as CoreError
    from azure.core.rest import HttpRequest

    try:
        request = HttpRequest("GET", url)
        client: Any = PipelineClient(url)
        with client:
            response = client.send_request(request, connection_timeout=seconds, read_timeout=seconds)
            response.raise_for_status()
            found: Any = response.json()
        clouds = found if isinstance(found, list) else [found]
        cloud = next((one for one in clouds if name in (None, one.get("name"))), None)
        if cloud is None:
            raise AzureError(f"Cannot use the cloud '{name}': '{url}' does not list it")
        login = cloud["authentication"]
        return Cloud(cloud["resourceManager"].rstrip("/"), login["loginEndpoint"].rstrip("/"), login["audiences"][0])
    except (CoreError, ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise AzureError(f"Cannot read '{url}': {plain(error)}") from None
