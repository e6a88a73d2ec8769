# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hours between times, and between the runs of a policy."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..._facts._types import AzurePolicy

_RUNS = {"Hourly": 24.0, "Daily": 24.0, "Weekly": 168.0}
"""Hours between two runs, where the policy does not state them."""


def hours_between_runs(policy: AzurePolicy | None) -> float:
    """The longest time between two runs of a policy; a day where it does not say."""
    if policy is None:
        return _RUNS["Daily"]
    return policy.interval_hours or _RUNS.get(policy.frequency or "", _RUNS["Daily"])


def hours_between(earlier: str, later: str) -> float:
    """Hours from one time to another, ISO 8601 UTC."""
    return (_time(later) - _time(earlier)).total_seconds() / 3600


def _time(text: str) -> datetime.datetime:
    # Azure writes seven digits of a second.
    return datetime.datetime.fromisoformat(text[:19]).replace(tzinfo=datetime.timezone.utc)
