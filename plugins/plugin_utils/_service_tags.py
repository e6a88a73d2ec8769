# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Azure's service tags as networks, from the file that Microsoft publishes. The answer of its API has the same form."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterable
from typing import Any

from ._words import did_you_mean


def prefixes(document: Any, tags: Iterable[str], version: int = 4) -> list[str]:
    """The networks of the tags, collapsed and in order. ``document`` is JSON, as a text or read.

    Names are compared without regard to case, as Azure does. Raises ValueError with a full sentence.
    """
    by_name = {name.lower(): (name, listed) for name, listed in _values(document)}
    found: list[Any] = []
    for tag in tags:
        if tag.lower() not in by_name:
            known = [name for name, _listed in by_name.values()]
            raise ValueError(
                f"Cannot find the service tag '{tag}': the file does not have it{did_you_mean(tag, known)}"
            )
        name, listed = by_name[tag.lower()]
        try:
            # A number is an address as well, but not in this file.
            networks = [ipaddress.ip_network(str(text)) for text in listed]
        except ValueError as error:
            raise ValueError(f"Cannot read the service tag '{name}': {error}") from None
        found += [network for network in networks if network.version == version]
    return [str(network) for network in ipaddress.collapse_addresses(found)]


def _values(document: Any) -> Iterable[tuple[str, list[str]]]:
    if isinstance(document, str):
        try:
            document = json.loads(document.lstrip("\ufeff"))
        except ValueError as error:
            raise ValueError(f"Cannot read the service tags: not JSON ({error})") from None
        except RecursionError:
            raise ValueError("Cannot read the service tags: the file is nested too deeply") from None
    try:
        found = [(value["name"], value["properties"]["addressPrefixes"]) for value in document["values"]]
    except (TypeError, KeyError):
        found = []
    if not found or not all(isinstance(name, str) and isinstance(listed, list) for name, listed in found):
        raise ValueError("Cannot read the service tags: not in the form of the file 'Azure IP Ranges and Service Tags'")
    return found
