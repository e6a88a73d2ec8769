# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Assignments of Azure Policy over the virtual machine or the groups of its restore points that deny or deploy."""

from __future__ import annotations

from .._kinds import NULL, PEOPLE, listing, record, text

SECTION = listing(
    __doc__,
    # Here "about" is a fact.
    record(  # pylint: disable=kwarg-superseded-by-positional-arg
        "",
        assignment=text("Id of the assignment."),
        name=text("Its displayed name."),
        definition=text("Id of the definition.", PEOPLE),
        effect=text("deny, modify, deployIfNotExists, ...", NULL),
        scope=text("Id of what it is assigned to."),
        compliance=text("NonCompliant when this machine, or what backups made for it, does not comply.", NULL),
        about=text("Type of resource that it judges, in lower case; of deployIfNotExists, that it deploys.", NULL),
    ),
)
