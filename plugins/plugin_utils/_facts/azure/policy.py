# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The backup policy of the virtual machine; null when nothing protects it."""

from __future__ import annotations

from .._kinds import NULL, PEOPLE, number, record, text, texts, whole

SECTION = record(
    __doc__,
    NULL,
    id=text("Resource id."),
    name=text("Name."),
    type=text("V1 (Standard) or V2 (Enhanced)."),
    consistency=text("OnlyCrashConsistent when neither agent nor extension is used; null for the default.", NULL),
    frequency=text("Hourly, Daily or Weekly.", NULL),
    times=texts("Times of day when it starts, UTC or as the time zone says.", PEOPLE),
    time_zone=text("Time zone of the times.", NULL, PEOPLE),
    interval_hours=number("Hours between two backups, the longest.", NULL),
    instant_days=whole("Days that instant recovery points are kept.", NULL),
    points_prefix=text("Own name of the group of restore points, first part.", NULL, PEOPLE),
    points_suffix=text("Own name of the group of restore points, last part.", NULL, PEOPLE),
)
