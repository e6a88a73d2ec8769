# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a guest state was taken, and times in the form of a verdict."""

from __future__ import annotations

import datetime

from .._engine._state import GuestState


def iso(moment: datetime.datetime) -> str:
    """A time in UTC as ``Verdict.since`` holds it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def captured(state: GuestState) -> int:
    """When a state was taken (Unix time)."""
    return int(datetime.datetime.fromisoformat(state["captured"].replace("Z", "+00:00")).timestamp())
