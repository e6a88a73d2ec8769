# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Windows firewall."""

from __future__ import annotations

from ._kinds import NULL, PEOPLE, WINDOWS, data, mapping, only, record, records, text, whole

PROFILE = {
    "local": mapping("Settings of this machine.", data("Data of the value."), NULL),
    "policy": mapping("Settings by policy.", data("Data of the value."), NULL),
}

SECTION = only(
    WINDOWS,
    "Linux asks its packet filter about the wire server alone (fabric.firewall).",
    record(
        __doc__,
        profiles=record(
            "Profiles.",
            DomainProfile=record("In a domain.", **PROFILE),
            StandardProfile=record("In a private network.", **PROFILE),
            PublicProfile=record("In a public network.", **PROFILE),
        ),
        outbound_rules=records(
            "Enabled outbound rules: all that block, and those that allow any program.",
            name=text("Name of the value."),
            rule=text("The rule as Windows stores it."),
        ),
        active_profiles=records(
            "Networks and their category.",
            interface=whole("Index of the adapter.", NULL, PEOPLE),
            category=whole("0 public, 1 private, 2 domain.", NULL),
        ),
    ),
)
