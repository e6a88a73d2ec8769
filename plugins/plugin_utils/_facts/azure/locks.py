# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Locks that apply to the virtual machine or to the groups of its restore points."""

from __future__ import annotations

from .._kinds import PEOPLE, listing, record, text

SECTION = listing(
    __doc__,
    record(
        "",
        id=text("Resource id.", PEOPLE),
        name=text("Name."),
        level=text("CanNotDelete or ReadOnly."),
        scope=text("Id of what is locked: a subscription, a group, a resource."),
    ),
)
