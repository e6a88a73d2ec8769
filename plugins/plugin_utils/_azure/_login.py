# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials, from options, variables and profiles as azure.azcollection and the Azure CLI have them."""

from __future__ import annotations

import configparser
import dataclasses
import logging
import os
import pathlib
from collections.abc import Mapping
from typing import Any

from ._error import AzureError, missing_package

AUTH_SOURCES = ("auto", "env", "credential_file", "cli", "msi")
SIGN_IN = ("auth_source", "profile", "client_id", "secret", "tenant", "cloud_environment")
"""The options of sign-in."""
SECONDS = 30
"""Seconds within which a service of sign-in must answer."""

_VARIABLES = {
    "client_id": ("AZURE_CLIENT_ID",),
    "secret": ("AZURE_SECRET", "AZURE_CLIENT_SECRET"),
    "tenant": ("AZURE_TENANT", "AZURE_TENANT_ID"),
    "subscription_id": ("AZURE_SUBSCRIPTION_ID",),
    "cloud_environment": ("AZURE_CLOUD_ENVIRONMENT",),
}
_SERVICE_PRINCIPAL = ("client_id", "secret", "tenant")


@dataclasses.dataclass(frozen=True)
class Login:
    """Who reads, and where. ``source``: what of the credentials is to be used."""

    source: str
    client_id: str | None = None
    secret: str | None = dataclasses.field(default=None, repr=False)
    tenant: str | None = None
    subscription_id: str | None = None
    cloud_environment: str = "AzureCloud"

    @property
    def who(self) -> str:
        """The principal, as far as it is named."""
        client = f" as '{self.client_id}'" if self.client_id else ""
        return client + (f" of tenant '{self.tenant}'" if self.tenant else "")

    @property
    def service_principal(self) -> bool:
        return all(getattr(self, name) for name in _SERVICE_PRINCIPAL)


def settle(options: Mapping[str, str | None], environ: Mapping[str, str] | None = None) -> Login:
    """The log-in from options, else from variables, else from a profile. Raises AzureError when it is incomplete."""
    environ = os.environ if environ is None else environ
    source = options.get("auth_source") or environ.get("ANSIBLE_AZURE_AUTH_SOURCE") or "auto"
    if source not in AUTH_SOURCES:
        raise AzureError(
            f"Cannot sign in to Azure: auth_source '{source}' is unknown. Use one of {', '.join(AUTH_SOURCES)}"
        )
    profile = options.get("profile") or environ.get("AZURE_PROFILE")
    file = pathlib.Path(environ.get("AZURE_CREDENTIALS_FILE") or pathlib.Path.home() / ".azure" / "credentials")
    given = {name: options.get(name) for name in _VARIABLES}
    variables = {
        name: next((environ[word] for word in words if environ.get(word)), None) for name, words in _VARIABLES.items()
    }
    from_file = (
        source == "credential_file"
        or source == "auto"
        and (profile is not None or not any({**variables, **_present(given)}.get(name) for name in _SERVICE_PRINCIPAL))
    )
    stored = _profile(file, profile, needed=source == "credential_file" or profile is not None) if from_file else {}
    layers = (variables, stored, given) if from_file else (variables, given)
    login = Login(source, **{name: value for layer in layers for name, value in _present(layer).items()})
    if source == "credential_file" and not login.service_principal:
        raise AzureError(f"Cannot sign in to Azure: '{file}' does not have {', '.join(_SERVICE_PRINCIPAL)}")
    return login


def _present(values: Mapping[str, str | None]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


def _profile(file: pathlib.Path, profile: str | None, needed: bool) -> dict[str, str]:
    """A section of the credentials file."""
    parser, section = configparser.ConfigParser(interpolation=None), profile or "default"
    try:
        parser.read_string(file.read_text(encoding="utf-8"))
        return {name: parser[section][name] for name in _VARIABLES if name in parser[section]}
    except KeyError:
        reason = f"it has no profile '{section}'"
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
    except configparser.Error as error:
        # The text of the error quotes the line, which may be a secret.
        reason = f"it is not an INI file ({type(error).__name__})"
    if needed:
        raise AzureError(f"Cannot read '{file}': {reason}")
    return {}


def credential(login: Login, authority: str, known: bool) -> Any:
    """What fetches tokens. ``known``: the authority is one of Microsoft's public ones."""
    try:
        from azure.identity import (
            AzureCliCredential,
            ClientSecretCredential,
            DefaultAzureCredential,
            EnvironmentCredential,
            ManagedIdentityCredential,
        )
    except ImportError as error:
        raise missing_package(error) from None
    # What fails is an error of ours; the library would print it as well.
    logging.getLogger("azure").addHandler(logging.NullHandler())
    place: dict[str, Any] = {"authority": authority, "connection_timeout": SECONDS, "read_timeout": SECONDS}
    if not known or os.environ.get("AZURE_DISABLE_INSTANCE_DISCOVERY", "").lower() == "true":
        place["disable_instance_discovery"] = True
    if login.source == "cli":
        return AzureCliCredential(tenant_id=login.tenant or "", process_timeout=SECONDS)
    if login.source == "msi":
        return ManagedIdentityCredential(client_id=login.client_id)
    if login.client_id and login.secret and login.tenant:
        return ClientSecretCredential(login.tenant, login.client_id, login.secret, **place)
    if login.source == "env":
        return EnvironmentCredential(**place)
    identity = {
        "managed_identity_client_id": login.client_id,
        "workload_identity_client_id": login.client_id,
        "workload_identity_tenant_id": login.tenant,
    }
    given = {name: value for name, value in identity.items() if value}
    return DefaultAzureCredential(process_timeout=SECONDS, **place, **given)
