# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How busy processors, memory and disks are."""

from __future__ import annotations

from ._kinds import NULL, linux, number, record, whole


def pressure(resource: str):
    return record(
        f"How long tasks waited for {resource} in the last minute, per cent; null without such figures.",
        NULL,
        some_avg60=number("Some tasks."),
        full_avg60=number("All tasks."),
    )


SECTION = record(
    __doc__,
    cpu=record(
        "Processors.",
        percent=number("Busy, over the sample."),
        cores=whole("Processors."),
        sample_s=number("Seconds of the sample."),
        **linux(
            "Windows has no load average, and the host's share is no counter of the guest.",
            steal_percent=number("Taken by the host."),
            load_1m=number("Load average of one minute."),
            load_5m=number("Load average of five minutes."),
            load_per_core=number("The first divided by the processors."),
        ),
    ),
    memory=record(
        "Memory.",
        total_mib=whole("All of it."),
        available_mib=whole("Free, or free at once when needed."),
        used_percent=number("The rest, per cent."),
        **linux(
            "Windows grows its page file by itself.",
            swap_total_mib=whole("Swap."),
            swap_free_mib=whole("Free swap."),
        ),
    ),
    **linux(
        "Only the Linux kernel counts it.",
        pressure_cpu=pressure("processors"),
        pressure_memory=pressure("memory"),
        pressure_io=pressure("disks"),
    ),
)
