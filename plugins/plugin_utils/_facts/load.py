# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How busy processors, memory and disks are."""

from __future__ import annotations

from ._kinds import NULL, PEOPLE, linux, number, record, texts, whole, windows

PRESSURE = {
    "some_avg60": number("Some tasks, last minute.", PEOPLE),
    "some_avg300": number("Some tasks, last five minutes."),
    "full_avg60": number("All tasks, last minute."),
    "full_avg300": number("All tasks, last five minutes."),
}
"""Per cent of the time."""

SECTION = record(
    __doc__,
    cpu=record(
        "Processors.",
        cores=whole("Processors."),
        **windows(
            "Linux keeps averages of minutes.",
            percent=number("Busy, over the sample."),
            sample_s=number("Seconds of the sample.", PEOPLE),
        ),
        **linux(
            "Windows has no load average.",
            load_1m=number("Load average of one minute.", PEOPLE),
            load_5m=number("Load average of five minutes."),
            load_15m=number("Load average of fifteen minutes."),
            load_per_core=number("Load average of five minutes, divided by the processors."),
        ),
    ),
    memory=record(
        "Memory.",
        total_mib=whole("All of it."),
        available_mib=whole("Free, or free at once when needed."),
        used_percent=number("The rest, per cent."),
        **windows(
            "Linux counts what it swaps.",
            commit_limit_mib=whole("Memory and page files together.", NULL),
            commit_free_mib=whole("What of it is not promised to programs.", NULL),
        ),
        **linux(
            "Windows grows its page file by itself.",
            swap_total_mib=whole("Swap.", PEOPLE),
            swap_free_mib=whole("Free swap.", PEOPLE),
        ),
    ),
    **windows(
        "Linux has no such heap, and lists its swap with the memory.",
        desktop_heap=record(
            "Sizes of the desktop heaps (SharedSection); null where Windows has none written down.",
            NULL,
            shared_kib=whole("What all desktops share.", PEOPLE),
            interactive_kib=whole("A desktop of a person who is signed in.", PEOPLE),
            services_kib=whole("A desktop of services."),
        ),
        page_files=texts("Page files with their smallest and largest size in MiB, as they are configured."),
    ),
    **linux(
        "Only the Linux kernel counts it.",
        pressure_cpu=record("How long tasks waited for processors; null without such figures.", NULL, **PRESSURE),
        pressure_memory=record("How long tasks waited for memory; null without such figures.", NULL, **PRESSURE),
        pressure_io=record("How long tasks waited for disks; null without such figures.", NULL, **PRESSURE),
    ),
)
