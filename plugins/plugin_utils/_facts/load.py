# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How busy processors, memory and disks are."""

from __future__ import annotations

from ._kinds import NULL, PEOPLE, linux, number, record, whole

PRESSURE = {"some_avg60": number("Some tasks.", PEOPLE), "full_avg60": number("All tasks.")}
"""Per cent of the last minute."""

SECTION = record(
    __doc__,
    cpu=record(
        "Processors.",
        percent=number("Busy, over the sample."),
        cores=whole("Processors.", PEOPLE),
        sample_s=number("Seconds of the sample.", PEOPLE),
        **linux(
            "Windows has no load average, and the host's share is no counter of the guest.",
            steal_percent=number("Taken by the host.", PEOPLE),
            load_1m=number("Load average of one minute.", PEOPLE),
            load_5m=number("Load average of five minutes.", PEOPLE),
            load_per_core=number("The first divided by the processors."),
        ),
    ),
    memory=record(
        "Memory.",
        total_mib=whole("All of it.", PEOPLE),
        available_mib=whole("Free, or free at once when needed."),
        used_percent=number("The rest, per cent."),
        **linux(
            "Windows grows its page file by itself.",
            swap_total_mib=whole("Swap.", PEOPLE),
            swap_free_mib=whole("Free swap.", PEOPLE),
        ),
    ),
    **linux(
        "Only the Linux kernel counts it.",
        pressure_cpu=record(
            "How long tasks waited for processors; null without such figures.", NULL, PEOPLE, **PRESSURE
        ),
        pressure_memory=record("How long tasks waited for memory; null without such figures.", NULL, **PRESSURE),
        pressure_io=record("How long tasks waited for disks; null without such figures.", NULL, **PRESSURE),
    ),
)
