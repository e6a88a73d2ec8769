# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of a reading, the same for the module and for a report that asks Azure."""

from __future__ import annotations

from collections.abc import Mapping

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from .._words import did_you_mean
from ._client import Client
from ._error import AzureError
from ._gather import gather
from ._login import AUTH_SOURCES, settle
from ._selection import Selection

_WORDS = {"type": "list", "elements": "str", "default": []}
SPEC: dict[str, dict] = {
    "subscriptions": {**_WORDS, "aliases": ["subscription_id"]},
    "resource_groups": {**_WORDS, "aliases": ["resource_group"]},
    "names": {**_WORDS, "aliases": ["name"]},
    "ids": {**_WORDS, "aliases": ["id"]},
    "agent_status": {"type": "bool", "default": True},
    "auth_source": {"type": "str", "choices": list(AUTH_SOURCES)},
    "profile": {"type": "str"},
    "client_id": {"type": "str"},
    "secret": {"type": "str", "no_log": True},
    "tenant": {"type": "str"},
    "cloud_environment": {"type": "str"},
    "timeout": {"type": "int", "default": 300},
}


def read(given: Mapping) -> dict:
    """What Azure has of the machines that the options name. Raises AzureError with a full sentence."""
    known = [*SPEC, *(alias for one in SPEC.values() for alias in one.get("aliases", ()))]
    if unknown := next((name for name in given if name not in known), None):
        raise AzureError(f"Cannot read Azure: '{unknown}' is not an option{did_you_mean(unknown, known)}")
    result = ArgumentSpecValidator(SPEC).validate({name: value for name, value in given.items() if value is not None})
    if result.error_messages:
        raise AzureError(f"Cannot read Azure: {'; '.join(result.error_messages)}")
    options = result.validated_parameters
    login = settle(options)
    subscriptions = options["subscriptions"] or ([login.subscription_id] if login.subscription_id else [])
    words = {name: tuple(options[name]) for name in ("resource_groups", "names", "ids")}
    if words["ids"] and not options["subscriptions"]:
        subscriptions = []  # An id names its own.
    selection = Selection(tuple(subscriptions), **words)
    return gather(Client(login, options["timeout"]), selection, options["agent_status"])
