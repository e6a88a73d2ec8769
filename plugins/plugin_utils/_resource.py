# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a host is in Azure, for people: resource id, group, region and tags, in the names of the inventory azure_rm."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..module_utils._guest.masking import mask
from ._metadata import machine

NAMES = ("id", "resource_group", "location", "tags")
_LONGEST = 256
_MOST_TAGS, _LONGEST_TAG = 20, 100
_ID = re.compile(r"/subscriptions/[^/]+(?:/resourceGroups/([^/]+))?", re.IGNORECASE)


def of(*sources: Mapping) -> dict:
    """Of each part what the first of the ``sources`` says that has it; what none has is left out."""
    told = [_told(source) for source in sources]
    parts = {name: next((one[name] for one in told if one[name] is not None), None) for name in NAMES}
    return {name: part for name, part in parts.items() if part}


def of_guest(guest: Mapping | None) -> dict:
    """What the metadata service of the guest says of it."""
    return (machine(guest or {}) or {}).get("vm", {})


def _told(source: Mapping) -> dict:
    id_ = _text(source.get("id"))
    parts = _ID.match(id_ or "")
    return {
        "id": id_ if parts else None,
        "resource_group": _text(source.get("resource_group")) or (parts and parts[1]),
        "location": _text(source.get("location")),
        "tags": _tags(source.get("tags")),
    }


def _tags(given: object) -> dict[str, str] | None:
    """The tags, without secrets; of very many, the first by name. Variables of that name may be anything."""
    if not isinstance(given, Mapping):
        return None
    tags = {str(name): value for name, value in mask(dict(given)).items() if isinstance(value, (str, int, type(None)))}
    return {name[:_LONGEST_TAG]: str(tags[name] or "")[:_LONGEST_TAG] for name in sorted(tags)[:_MOST_TAGS]}


def _text(given: object) -> str | None:
    return mask(given)[:_LONGEST] if isinstance(given, str) and given else None
