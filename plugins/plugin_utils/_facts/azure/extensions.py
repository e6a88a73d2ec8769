# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The extensions of the virtual machine: resources, and what only its agent reports."""

from __future__ import annotations

from .._kinds import NULL, PEOPLE, listing, record, text

SECTION = listing(
    __doc__,
    record(
        "",
        name=text("Name of the resource."),
        type=text("Publisher and type."),
        version=text("Version, major and minor.", NULL, PEOPLE),
        provisioning_state=text(
            "Succeeded, Failed, Canceled, Updating, Deleting, Creating; null when Azure does not say.", NULL
        ),
        message=text("What the extension said of that; null when it was not asked for.", NULL),
        reported=text("What it last reported itself: succeeded, failed, ...; null when it was not asked for.", NULL),
    ),
)
