# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Section ``load``: how busy processors, memory and disks are."""

import os
import time


def collect(host, options, facts):
    host.need_live()
    first, own = ticks(host.text("/proc/stat")), _own_ticks()
    facts.take("memory", lambda: memory(host.text("/proc/meminfo")))
    for resource in ("cpu", "memory", "io"):
        path = "/proc/pressure/" + resource
        facts.take("pressure_" + resource, lambda path=path: _pressure(host, path))
    sample = float(options["cpu_sample"])
    time.sleep(max(0.0, min(sample, host.remaining() - 0.5)))
    text, own = host.text("/proc/stat"), _own_ticks() - own
    cores = sum(line.startswith("cpu") and line[3:4].isdigit() for line in text.splitlines()) or 1
    loads = [float(word) for word in host.text("/proc/loadavg").split()[:3]]
    facts["cpu"] = dict(
        usage(first, ticks(text), own),
        cores=cores,
        sample_s=sample,
        load_1m=loads[0],
        load_5m=loads[1],
        load_per_core=round(loads[0] / cores, 2),
        read_from="/proc/stat, /proc/loadavg",
    )


def ticks(text):
    """The numbers of the ``cpu`` line of /proc/stat."""
    return [int(word) for word in text.split("\n", 1)[0].split()[1:9]]


def _own_ticks():
    """What the probe itself has used: its other sections work while this one looks."""
    return sum(os.times()[:4]) * os.sysconf("SC_CLK_TCK")


def usage(before, after, own=0):
    """``{percent, steal_percent}`` between two readings, without ``own`` ticks; waiting for a disk is idle time."""
    spent = [later - earlier for earlier, later in zip(before, after)]
    total = sum(spent)
    if total <= 0:
        return {"percent": 0.0, "steal_percent": 0.0}
    idle = spent[3] + spent[4]
    return {
        "percent": round(100.0 * max(0, total - idle - own) / total, 1),
        "steal_percent": round(100.0 * spent[7] / total, 1) if len(spent) > 7 else 0.0,
    }


def memory(text):
    """``{total_mib, available_mib, used_percent, swap_total_mib, swap_free_mib}``."""
    values = {}
    for line in text.splitlines():
        name, _mark, rest = line.partition(":")
        if rest.split():
            values[name] = int(rest.split()[0])
    total = values["MemTotal"]
    # Kernels before 3.14 do not say it: then free memory and what can be dropped at once.
    free = values.get("MemAvailable", values["MemFree"] + values.get("Cached", 0) + values.get("Buffers", 0))
    return {
        "total_mib": total // 1024,
        "available_mib": free // 1024,
        "used_percent": round(100.0 * (total - free) / total, 1),
        "swap_total_mib": values.get("SwapTotal", 0) // 1024,
        "swap_free_mib": values.get("SwapFree", 0) // 1024,
        "read_from": "/proc/meminfo",
    }


def _pressure(host, path):
    text = host.text(path, 4096)
    return None if text is None else dict(pressure(text), read_from=path)


def pressure(text):
    """``{some_avg60, full_avg60}`` in per cent: how long tasks waited for the resource in the last minute."""
    stated = {}
    for line in text.splitlines():
        words = line.split()
        for word in words[1:]:
            if word.startswith("avg60="):
                stated[words[0] + "_avg60"] = float(word[6:])
    return stated
